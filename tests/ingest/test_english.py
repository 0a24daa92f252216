from __future__ import annotations

import pytest

from dateline.ingest.english import UNKNOWN, other_language
from dateline.knowledge.reading import load_reading_tables

TABLES = load_reading_tables()


def language(text: str) -> str | None:
    return other_language(text, TABLES.languages, TABLES.scripts)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "French",
            "Les ouvriers du port ont cessé le travail lundi après l'échec des discussions sur les salaires, selon le syndicat.",
        ),
        (
            "German",
            "Die Hafenarbeiter haben am Montag die Arbeit niedergelegt, nachdem die Gespräche über den "
            "Lohn nicht zu einer Einigung kamen.",
        ),
        (
            "Spanish",
            "Los trabajadores del puerto dejaron el trabajo el lunes después de que fracasaran las "
            "conversaciones sobre los salarios.",
        ),
        (
            "Italian",
            "I lavoratori del porto hanno lasciato il lavoro dopo che le trattative sui salari non "
            "sono riuscite, ha detto il sindacato.",
        ),
        (
            "Portuguese",
            "Os trabalhadores do porto deixaram o trabalho na segunda-feira, e o sindicato disse que "
            "não foi uma surpresa para os patrões.",
        ),
        (
            "Dutch",
            "De havenarbeiders hebben maandag het werk neergelegd omdat de gesprekken over het loon "
            "niet tot een akkoord zijn gekomen.",
        ),
        (
            "Polish",
            "Pracownicy portu w poniedziałek przerwali pracę, ponieważ rozmowy o płacach nie powiodły "
            "się, jak podał związek, który to ogłosił.",
        ),
        (
            "Turkish",
            "Liman işçileri pazartesi günü ücret görüşmeleri için bir sonuç çıkmadı ve çok sayıda işçi "
            "ile sendika daha sonra iş bıraktı.",
        ),
        (
            "Indonesian or Malay",
            "Para pekerja pelabuhan yang mogok pada hari Senin itu tidak akan kembali, kata serikat "
            "pekerja dalam pernyataan di kota ini.",
        ),
    ],
)
def test_it_names_the_language(name: str, text: str) -> None:
    assert language(text) == name


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("Cyrillic", "Рабочие порта прекратили работу в понедельник после переговоров."),
        ("Arabic", "أضرب عمال الميناء يوم الاثنين بعد فشل المحادثات حول الأجور."),
        ("Chinese", "港口工人周一罢工，工资谈判破裂。"),
        ("Japanese", "港の労働者は月曜日にストライキを行った。"),
        ("Korean", "항만 노동자들이 월요일에 파업했다."),
    ],
)
def test_it_names_the_letters(word: str, text: str) -> None:
    assert word in (language(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        "Two killed in Minsk.",
        "Strike ends.",
        "Killed: Ahmed al-Masri, Khalid Hassan, Yusuf de la Cruz, Marie van den Berg, Jean-Luc du Plessis, Rosa dos Santos.",
        "Le Monde, Die Welt and El País carried the report, which Agence France-Presse and Deutsche Welle had first put out.",
        "TROOPS CLASHED WITH REBELS NEAR SAN SALVADOR, THE ARMY SAID.",
        "The march was called by La Unión de los Trabajadores del Puerto, a group that is close to the Partido de la Revolución.",
        "ahmedabad: a mob set shops ablaze in the old city on friday, police said.",
        "The poster read “Не забудем” in red letters, and the crowd cheered as it was raised over the gate.",
    ],
)
def test_it_lets_english_pass(text: str) -> None:
    assert language(text) is None


def test_it_refuses_a_long_text_without_english_function_words() -> None:
    assert language("vutra kemo lasir donta mirel sopak tende vurosi kalem " * 10) == UNKNOWN
