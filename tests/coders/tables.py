"""Tables as ACLED, GDELT and UCDP write them, with rows of our own: nothing of theirs is copied."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from dateline.knowledge.coders import load_scheme

_ACLED = """
event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,
inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,
location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp
"""
ACLED = "".join(_ACLED.split()).split(",")

_UCDP = """
id,year,active_year,type_of_violence,conflict_new_id,conflict_name,dyad_new_id,dyad_name,side_a_new_id,side_a,
side_b_new_id,side_b,number_of_sources,source_article,source_office,source_date,source_headline,
source_original,where_prec,where_coordinates,where_description,adm_1,adm_2,latitude,longitude,country,region,
event_clarity,date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low
"""
UCDP = "".join(_UCDP.split()).split(",")

GDELT = load_scheme("gdelt").layouts[0][1]

STRIKE: Mapping[str, object] = {
    "event_id_cnty": "XYZ1", "event_date": "2020-08-17", "year": 2020, "time_precision": 1, "disorder_type": "Demonstrations",
    "event_type": "Protests", "sub_event_type": "Peaceful protest", "actor1": "Protesters (Belarus)",
    "assoc_actor_1": "Labor Group (Belarus)", "inter1": "Protesters", "country": "Belarus", "iso": 112, "admin1": "Minsk City",
    "location": "Minsk", "latitude": 53.9006, "longitude": 27.559, "geo_precision": 1, "source": "Grey Neva Bulletin; Toll",
    "notes": "On 17 August 2020, workers of a tractor plant in Minsk stopped work and walked out. [size=hundreds]", "fatalities": 0,
}  # fmt: skip

CLASH: Mapping[str, object] = {
    "id": 7, "year": 2020, "type_of_violence": 1, "conflict_name": "Testland: Government", "side_a": "Government of Yemen",
    "side_b": "Example Front", "source_office": "Port Aster Gazette", "source_date": "2020-08-12",
    "source_headline": "Fighting near Marib", "where_prec": 1, "where_coordinates": "Marib town", "adm_1": "Marib governorate",
    "latitude": 15.46, "longitude": 45.32, "country": "Yemen (North Yemen)", "event_clarity": 1, "date_prec": 1,
    "date_start": "2020-08-10 00:00:00.000", "date_end": "2020-08-11 00:00:00.000", "best": 5, "high": 9, "low": 3,
}  # fmt: skip

WALKOUT: Mapping[str, object] = {
    "GLOBALEVENTID": 900000001, "SQLDATE": 20200817, "MonthYear": 202008, "Year": 2020, "Actor1Code": "BLRLAB",
    "Actor1Name": "WORKER", "Actor1CountryCode": "BLR", "Actor1Type1Code": "LAB", "Actor2Code": "BLRGOV",
    "Actor2Name": "BELARUS", "Actor2CountryCode": "BLR", "Actor2Type1Code": "GOV", "IsRootEvent": 1, "EventCode": "143",
    "EventBaseCode": "143", "EventRootCode": "14", "NumMentions": 4, "ActionGeo_Type": 4,
    "ActionGeo_FullName": "Minsk, Minskaya Voblasts', Belarus", "ActionGeo_CountryCode": "BO", "ActionGeo_Lat": 53.9,
    "ActionGeo_Long": 27.5667, "DATEADDED": 20200818101500, "SOURCEURL": "https://news.example.org/strike",
}  # fmt: skip


def table(columns: Sequence[str], *rows: Mapping[str, object], delimiter: str = ",") -> bytes:
    """A table with a head, as bytes; a column that a row does not name is empty."""
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[row.get(column, "") for column in columns] for row in rows])
    return sink.getvalue().encode()


def gdelt(*rows: Mapping[str, object]) -> bytes:
    """GDELT's events 2.0: no head, tabs, no quoting."""
    return "".join("\t".join(str(row.get(column, "")) for column in GDELT) + "\n" for row in rows).encode()
