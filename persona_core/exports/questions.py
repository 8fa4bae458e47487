"""The questions as an Excel workbook: answers in, segment and certainty out, by formulas on a table of points."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from persona_core import palette
from persona_core.questions import Question, QuestionSet

MANY = 200
_FORM, _LIST, _POINTS, _ACCURACY, _WORKING = "Questions", "Many", "Points", "Accuracy", "Working"
_FIRST_QUESTION, _FIRST_ROW, _START = 6, 1, 1  # rows, counted from 0: on the form, on the list, on the points
_FIXED_DATE = datetime(2020, 1, 1)  # the same input gives the same bytes


def questions_xlsx(questions: QuestionSet) -> bytes:
    """A workbook that finds the segment of one customer (sheet Questions) or of up to 200 (sheet Many).

    Everything is computed by formulas from the sheet Points, as `QuestionSet.assign` does; what people wrote stands in
    cells of text, which no spreadsheet runs. Skipped and unknown answers count nothing.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"title": "Which segment is a customer in?", "created": _FIXED_DATE})
    sheet = _Book(book, questions, _blocks(questions))
    for write in (sheet.form, sheet.list_of_many, sheet.points, sheet.accuracy, sheet.working):
        write()
    for page in book.worksheets():
        page.set_landscape()
        page.fit_to_pages(1, 0)  # as wide as one page
    book.close()
    return content.getvalue()


@dataclass(frozen=True)
class _Block:
    """Where the points of one question stand on the sheet Points: the rows from `first` to `last`, counted from 0."""

    asked: Question
    first: int
    last: int

    def at(self, column: int) -> str:
        """The cells of one column as a formula names them."""
        return f"{_POINTS}!{xl_range_abs(self.first, column, self.last, column)}"

    def place(self, cell: str) -> str:
        """The number of the answer in `cell` (the lower one, for a number between two), 0 where there is none."""
        given = self.at(1)
        if self.asked.kind == "choice":
            return f'=IF(TRIM({cell}&"")="",0,SUMPRODUCT(({given}=TRIM({cell}&""))*(ROW({given})-{self.first})))'
        return f"=IF(ISNUMBER({cell}),MIN({self.last - self.first},MATCH({self._inside(cell)},{given},1)),0)"

    def part(self, cell: str, place: str) -> str:
        """How far a number is on its way to the next answer, 0 to 1."""
        if self.asked.kind == "choice":
            return "=0"
        low, high = f"INDEX({self.at(1)},{place})", f"INDEX({self.at(1)},{place}+1)"
        return f"=IF({place}>0,({self._inside(cell)}-{low})/({high}-{low}),0)"

    def gain(self, column: int, place: str, part: str) -> str:
        """The points of one segment for the answer."""
        low = f"INDEX({self.at(column)},{place})"
        high = f"INDEX({self.at(column)},MIN({place}+1,{self.last - self.first + 1}))"
        return f"IF({place}>0,{low}+{part}*({high}-{low}),0)"

    def _inside(self, cell: str) -> str:
        ends = (f"{_POINTS}!{xl_rowcol_to_cell(row, 1, True, True)}" for row in (self.first, self.last))
        return f"MEDIAN({cell},{','.join(ends)})"


def _blocks(questions: QuestionSet) -> list[_Block]:
    found, row = [], _START + 1
    for asked in questions.questions:
        found.append(_Block(asked, row, row + len(asked.answers) - 1))
        row += len(asked.answers)
    return found


class _Book:
    """The sheets of one workbook, in the order in which they are written."""

    def __init__(self, book: xlsxwriter.Workbook, questions: QuestionSet, blocks: Sequence[_Block]) -> None:
        self._book, self._questions, self._blocks = book, questions, blocks
        self._names = [name or f"Segment {n}" for n, name in questions.segments["name"].items()]
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        self._title = book.add_format({"bold": True, "font_size": 18, "font_color": palette.ACCENT})
        self._result = book.add_format({"bold": True, "font_size": 14, "align": "left"})
        self._sure = book.add_format({"bold": True, "font_size": 14, "num_format": "0 %", "align": "left"})
        self._percent = book.add_format({"num_format": "0 %"})
        self._head = book.add_format(head)
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        box = {"bg_color": "#EAF1F6", "border": 1, "border_color": palette.ACCENT, "align": "left"}
        # in a cell of text a chosen answer such as "=1+1" stays what it is
        self._text_cell = book.add_format({**box, "num_format": "@"})
        self._number_cell = book.add_format(box)

    def form(self) -> None:
        """One customer: the result on top, an answer cell a question below."""
        sheet = self._book.add_worksheet(_FORM)
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 1, 32)
        sheet.set_column(2, 2, 40)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, "Which segment is this customer in?", self._title)
        sheet.write_string(1, 0, self._questions.sentence)
        sheet.write_string(2, 0, "Segment", self._result)
        sheet.write_string(3, 0, "How sure", self._result)
        self._found(sheet, 2, 1, 3, 1, 1)
        for column, word in enumerate(("Question", "Answer", "")):
            sheet.write_string(_FIRST_QUESTION - 1, column, word, self._head)
        for number, block in enumerate(self._blocks):
            row = _FIRST_QUESTION + number
            sheet.write_string(row, 0, block.asked.label, self._wrap)
            self._answer_cells(sheet, block, row, 1, row)
            sheet.write_blank(row, 1, None, self._cell(block))
            sheet.write_string(row, 2, _hint(block.asked))
        sheet.set_selection(_FIRST_QUESTION, 1, _FIRST_QUESTION, 1)

    def list_of_many(self) -> None:
        """Up to 200 customers, one a row."""
        sheet = self._book.add_worksheet(_LIST)
        sheet.freeze_panes(1, 1)
        heads = ["Customer", *(block.asked.label for block in self._blocks), "Segment", "How sure"]
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self._head)
        sheet.set_column(0, len(heads) - 1, 20)
        last = _FIRST_ROW + MANY - 1
        for column, block in enumerate(self._blocks, start=1):
            self._answer_cells(sheet, block, _FIRST_ROW, column, last)
            for row in range(_FIRST_ROW, last + 1):
                sheet.write_blank(row, column, None, self._cell(block))
        for row in range(_FIRST_ROW, last + 1):
            self._found(sheet, row, len(heads) - 2, row, len(heads) - 1, row + 1)

    def points(self) -> None:
        """The rule itself: what each answer says for each segment."""
        sheet = self._book.add_worksheet(_POINTS)
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 1, 30)
        for column, head in enumerate(["Question", "Answer", *self._names]):
            sheet.write_string(0, column, head, self._head)
        sheet.write_string(_START, 0, "Before any answer")
        for column, start in enumerate(self._questions.segments["start"], start=2):
            sheet.write_number(_START, column, start)
        for block in self._blocks:
            rows = zip(block.asked.answers, block.asked.points.to_numpy().tolist(), strict=True)
            for row, (answer, gains) in enumerate(rows, start=block.first):
                sheet.write_string(row, 0, block.asked.label)
                _write_answer(sheet, row, answer)
                for column, gain in enumerate(gains, start=2):
                    sheet.write_number(row, column, gain)

    def accuracy(self) -> None:
        """How good it is on customers that had no part in the choice, and which segments are taken for others."""
        sheet = self._book.add_worksheet(_ACCURACY)
        sheet.set_column(0, 1, 34)
        sheet.set_column(2, 14, 18)
        sheet.write_string(0, 0, self._questions.sentence)
        heads = ("Questions asked", "The last of them", "Right, of all customers", "Right, mean of the segments")
        for column, head in enumerate(heads):
            sheet.write_string(2, column, head, self._head)
        labels = {asked.column: asked.label for asked in self._questions.questions}
        table = self._questions.accuracy
        for row, (number, column) in enumerate(table["column"].items(), start=3):
            sheet.write_number(row, 0, float(str(number)))
            sheet.write_string(row, 1, labels.get(column, f"{column} (not asked: it adds next to nothing)"))
            sheet.write_number(row, 2, table["held_out"].iloc[row - 3], self._percent)
            sheet.write_number(row, 3, table["balanced"].iloc[row - 3], self._percent)
        self._confusion(sheet, 5 + len(table))

    def _confusion(self, sheet: Worksheet, top: int) -> None:
        sheet.write_string(top, 0, "Where the customers of each segment (row) are put", self._head)
        for number, name in enumerate(self._names):
            sheet.write_string(top, number + 1, name, self._head)
            sheet.write_string(top + 1 + number, 0, name)
            for column, share in enumerate(self._questions.confusion.iloc[number], start=1):
                if share == share:
                    sheet.write_number(top + 1 + number, column, share, self._percent)
                else:
                    sheet.write_string(top + 1 + number, column, "fewer than 10")

    def working(self) -> None:
        """The sums: the first row is the form, the others are the list."""
        sheet = self._book.add_worksheet(_WORKING)
        asked = len(self._blocks)
        heads = [*(f"Answer {n + 1}" for n in range(asked)), *(f"Part {n + 1}" for n in range(asked)), *self._names]
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, self._head)
        self._sums(sheet, 1, lambda number: f"{_FORM}!{xl_rowcol_to_cell(_FIRST_QUESTION + number, 1, True, True)}")
        for row in range(MANY):
            self._sums(sheet, row + 2, partial(_cell_of_list, row))

    def _sums(self, sheet: Worksheet, row: int, cell: Callable[[int], str]) -> None:
        asked = len(self._blocks)
        gains: list[list[str]] = [[] for _ in self._names]
        for number, block in enumerate(self._blocks):
            place, part = xl_rowcol_to_cell(row, number), xl_rowcol_to_cell(row, asked + number)
            sheet.write_formula(row, number, block.place(cell(number)))
            sheet.write_formula(row, asked + number, block.part(cell(number), place))
            for segment, sums in enumerate(gains):
                sums.append(block.gain(segment + 2, place, part))
        for segment, sums in enumerate(gains):
            start = f"{_POINTS}!{xl_rowcol_to_cell(_START, segment + 2, True, True)}"
            sheet.write_formula(row, 2 * asked + segment, f"={'+'.join([start, *sums])}")

    def _found(self, sheet: Worksheet, row: int, column: int, sure_row: int, sure_column: int, working: int) -> None:
        """The cells that say the segment and how sure it is, from one row of the sheet Working."""
        asked, of = len(self._blocks), len(self._names)
        answers = f"{_WORKING}!{xl_range_abs(working, 0, working, asked - 1)}"
        sums = f"{_WORKING}!{xl_range_abs(working, 2 * asked, working, 2 * asked + of - 1)}"
        names = f"{_POINTS}!{xl_range_abs(0, 2, 0, of + 1)}"
        is_form = sheet.name == _FORM
        first = '"Answer a question below"' if is_form else '""'
        none = f'=IF(COUNTIF({answers},">0")=0'
        segment = f"{none},{first},INDEX({names},MATCH(MAX({sums}),{sums},0)))"
        sheet.write_formula(row, column, segment, self._result if is_form else None, first.strip('"'))
        sure = f'{none},"",1/SUMPRODUCT(EXP({sums}-MAX({sums}))))'
        sheet.write_formula(sure_row, sure_column, sure, self._sure if is_form else self._percent, "")

    def _answer_cells(self, sheet: Worksheet, block: _Block, first: int, column: int, last: int) -> None:
        """The drop-down, or the check for a number."""
        told = {
            "error_title": "Not one of the answers",
            "error_message": "Choose from the list or leave the cell empty.",
        }
        rule: dict[str, object] = {"validate": "list", "source": f"={block.at(1)}", **told}
        if block.asked.kind == "number":
            rule = {"validate": "decimal", "criteria": "between", "minimum": -1e300, "maximum": 1e300}
            rule |= {"error_title": "Not a number", "error_message": "Write a number or leave the cell empty."}
        sheet.data_validation(first, column, last, column, rule)

    def _cell(self, block: _Block) -> Format:
        return self._text_cell if block.asked.kind == "choice" else self._number_cell


def _cell_of_list(customer: int, number: int) -> str:
    return f"{_LIST}!{xl_rowcol_to_cell(_FIRST_ROW + customer, number + 1)}"


def _hint(asked: Question) -> str:
    if asked.kind != "number":
        return "Choose from the list"
    return f"A number, mostly {asked.range}"


def _write_answer(sheet: Worksheet, row: int, answer: object) -> None:
    if isinstance(answer, str):
        sheet.write_string(row, 1, answer)
    else:
        sheet.write_number(row, 1, float(str(answer)))
