"""A published folder of three tables and what is said of them, small enough to read."""

from pathlib import Path

import duckdb

from orchestration import release_file

RELEASE_ID = "20261123T211107Z-3973adbc"

TABLES = """
    create schema core; create schema kpi; create schema meta;
    create table core.dim_date (date date primary key);
    insert into core.dim_date values ('2018-12-31'), ('2022-01-01');
    create table core.dim_municipality (municipality_code varchar primary key, municipality varchar not null);
    insert into core.dim_municipality values ('0114', 'Upplands Väsby'), ('2584', 'Kiruna');
    create table kpi.presence (
        as_of date, municipality_code varchar, offices bigint not null, office_share double, days double, year bigint,
        is_open boolean, told_at timestamp, note varchar, primary key (as_of, municipality_code));
    insert into kpi.presence values
        ('2020-10-15', '0114', 1234567, 0.625, 12.5, 2020, true, '2020-10-23 08:00:00', '=1+1'),
        ('2020-10-15', '2584', 0, null, 3.0, 2020, false, null, 'https://example.org');
    comment on table core.dim_date is 'The calendar. One row per day.';
    comment on table core.dim_municipality is 'Sweden''s municipalities. One row per municipality.';
    comment on table kpi.presence is 'Offices at a date. The plan (`plan`) counts. One row per as-of date and area.';
"""
SAID = f"""
    create table meta.document (document_id varchar primary key, title varchar, publisher varchar, published date,
        as_of date, dnr varchar, language varchar, sha256 varchar);
    insert into meta.document values
        ('af-report', 'Om närvaro', 'Arbetsförmedlingen', '2020-10-23', '2020-10-15', 'Af-2020/0000 3708', 'sv', 'aa'),
        ('skr-news', 'Om rapporten', 'SKR', '2020-06-16', '2020-06-16', null, 'sv', 'bb');
    create table meta.release (release_id varchar primary key, released_at timestamp, contract_version varchar);
    insert into meta.release values
        ('20261122T031500Z-00000000', '2026-11-22 03:15:00', '1.0'),
        ('{RELEASE_ID}', '2026-11-23 21:11:07', '1.2');
    create table meta.table_column (schema_name varchar, table_name varchar, column_name varchar, data_type varchar,
        unit varchar, description varchar, description_sv varchar,
        primary key (schema_name, table_name, column_name));
    insert into meta.table_column values
        ('kpi', 'presence', 'as_of', 'DATE', 'date', 'Day that the row describes.', 'Dag'),
        ('kpi', 'presence', 'offices', 'BIGINT', 'offices', 'Offices that are open.', 'Öppna kontor'),
        ('kpi', 'presence', 'office_share', 'DOUBLE', 'share', 'Share with an office.', 'Andel med kontor'),
        ('kpi', 'presence', 'days', 'DOUBLE', 'days', 'Days without one.', 'Dagar utan'),
        ('kpi', 'presence', 'year', 'BIGINT', 'year', 'Year of the day.', 'År');
"""


def small_database(folder: Path, *statements: str) -> Path:
    """The published file in this folder, after these statements."""
    folder.mkdir(exist_ok=True)
    file = folder / "narvaro.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(TABLES + SAID)
        for statement in statements:
            connection.execute(statement)
    return file


def small_release(folder: Path, *statements: str) -> Path:
    """A release's folder: the published file after these statements, and its exports."""
    release_file.export(small_database(folder, *statements), folder)
    return folder
