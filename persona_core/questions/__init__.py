"""Which segment is somebody in? At most eight questions, chosen because together they tell the segments apart."""

from persona_core.questions.answers import Question
from persona_core.questions.choose import MOST_QUESTIONS, choose
from persona_core.questions.record import KIND, from_json, to_json
from persona_core.questions.rule import QuestionSet, of_100

__all__ = ["KIND", "MOST_QUESTIONS", "Question", "QuestionSet", "choose", "from_json", "of_100", "to_json"]
