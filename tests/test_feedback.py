"""Feedback: every text keeps its customer, source, date, channel and language."""

from __future__ import annotations

import pandas as pd
import pytest

from persona_core import customers
from persona_core.customers import CHANNELS, Link, Linked
from persona_core.customers.feedback import channel_of, language_of
from persona_core.customers.kinds import feedback_columns, text_column
from persona_core.errors import WrongArgument

CRM = Linked("crm", pd.DataFrame({"id": ["a", "b", "c"], "age": [30, 40, 50]}), Link("customers", "id"))
LETTERS = pd.DataFrame(
    {
        "who": ["a", "a", "b", "x", None, "c"],
        "says": [
            "The tent was wet and the poles did not fit at all.",
            "Der Versand hat leider viel zu lange gedauert.",
            "La livraison était rapide et le vendeur très gentil.",
            "Nobody knows me in this shop, but I like it.",
            "This one has no customer number either.",
            " ",
        ],
        "when": pd.to_datetime(["2026-01-02", None, "2026-02-03", "2026-02-03", "2026-02-03", "2026-02-03"]),
        "via": ["Live-Chat", "E-Mail", "Anruf (Hotline)", "Google", "Instagram", "letter"],
    }
)


def letters(frame: pd.DataFrame = LETTERS, **columns: str) -> Linked:
    return Linked("letters", frame, Link("feedback", "who", columns={"text": "says", **columns}))


def test_a_text_keeps_its_customer_source_date_channel_and_language():
    joined = customers.join([CRM, letters(date="when", channel="via")])
    assert list(joined.voices) == ["customer", "text", "source", "date", "channel", "language"]
    assert joined.voices.drop(columns=["text", "date"]).to_dict("list") == {
        "customer": ["a", "a", "b"],
        "source": ["letters"] * 3,
        "channel": ["chat", "e-mail", "call"],
        "language": ["en", "de", "fr"],
    }
    assert joined.voices["date"].isna().tolist() == [False, True, False]
    coverage = joined.coverage.set_index("source").loc["letters"]
    assert coverage[["rows", "customers", "matched", "left_out"]].tolist() == [6, 4, 2, 3]
    assert coverage["why"] == ("1 row holds no text. 1 row has no who. 1 row belongs to customers in no other source.")


def test_without_the_columns_the_channel_is_other_and_the_date_missing():
    voices = customers.join([CRM, letters()]).voices
    assert set(voices["channel"]) == {"other"}
    assert voices["date"].isna().all()


def test_feedback_without_a_match_is_counted():
    strangers = LETTERS.assign(who="nobody")
    joined = customers.join([CRM, letters(strangers)])
    assert joined.voices.empty
    assert joined.coverage["left_out"].tolist() == [0, 6]
    unnamed = Linked("posts", LETTERS, Link("feedback", None, columns={"text": "says"}))
    assert customers.join([CRM, unnamed]).coverage["why"][1].startswith("No column names the customer")


def test_texts_from_several_files_stand_under_each_other():
    mail = Linked("mail", LETTERS, letters().link)
    voices = customers.join([CRM, letters(), mail]).voices
    assert voices["source"].tolist() == ["letters"] * 3 + ["mail"] * 3
    assert voices.index.tolist() == list(range(6))


def test_dates_that_are_none_are_a_sentence():
    with pytest.raises(WrongArgument, match="The column via does not hold dates"):
        customers.join([CRM, letters(date="via")])


@pytest.mark.parametrize(
    ("words", "channel"),
    [
        (["E-Mail", "email", "mail", "Courriel", "e mail", "Newsletter reply by e-mail"], "e-mail"),
        (["Call", "Telefon", "Anruf", "phone call", "téléphone", "Hotline", "Telefonat"], "call"),
        (["Chat", "live chat", "WhatsApp", "chatbot", "SMS", "web_chat"], "chat"),
        (["Review", "Bewertung", "Rezension", "Avis client", "Trustpilot", "App Store", "Google reviews"], "review"),
        (["Facebook", "Instagram post", "Twitter", "X", "soziale Medien", "réseaux sociaux", "Social"], "social"),
        (["letter", "shop", "", "Brief", "1", "exchange", "mailbox"], "other"),
    ],
)
def test_channels_in_three_languages(words, channel):
    assert channel in CHANNELS
    assert [channel_of(word) for word in words] == [channel] * len(words)


def test_what_the_table_says_of_the_language_goes_before_the_text():
    told = LETTERS.assign(lang=["de-CH", None, "French", "?", "en", "en"])
    assert customers.join([CRM, letters(told, language="lang")]).voices["language"].tolist() == ["de", "de", "fr"]


def test_short_texts_have_no_language():
    assert language_of("Super, danke!") == "unknown"
    assert language_of("12345 67890 12345 67890 12345") == "unknown"


def test_the_text_is_the_column_of_sentences():
    frame = pd.DataFrame(
        {
            "title": [f"Order {n}" for n in range(30)],
            "product": ["A warm winter jacket for men"] * 30,
            "body": [f"Parcel {n} came late and I had to call you {n} times." for n in range(30)],
        }
    )
    assert text_column(frame) == "body"
    assert text_column(frame[["title", "product"]]) is None


def test_the_channel_is_found_by_its_values():
    frame = pd.DataFrame(
        {
            "k": ["a", "b", "c", "d"],
            "t": [
                "It was a very good tent.",
                "I would buy it again today.",
                "No, thank you very much.",
                "It is too small.",
            ],
            "c": ["Chat", "Anruf", "Chat", "E-Mail"],
        }
    )
    assert feedback_columns(frame, "k") == {"text": "t", "channel": "c"}
