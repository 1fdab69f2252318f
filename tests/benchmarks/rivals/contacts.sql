-- The counts of contacts by hand: the best single script that we know for DuckDB, on the files of the store.
-- Made for these files: at most 64 deliveries of at most 4 million rows each, all of one day, plain times, codes as cells.
-- A row is packed into 64 bits, its place first (6 bits of delivery, 22 of row), so that the greatest is the last one:
-- month (12), municipality (14), group (3), channel (3). A row that breaks a rule packs to null.
set preserve_insertion_order = false;

create temp table kinds as
select * from (values
    ('group', 'all', 0), ('group', 'native_no_disability', 1), ('group', 'disability', 2), ('group', 'establishment', 3),
    ('group', 'over_55', 4), ('group', 'job_development_guarantee', 5), ('group', 'youth_guarantee', 6),
    ('channel', 'phone', 0), ('channel', 'digital_meeting', 1), ('channel', 'chat', 2), ('channel', 'visit_booked', 3),
    ('channel', 'visit_drop_in', 4)
) as kinds (what, code, number);

create temp table places as
select distinct municipality_code as code, municipality_code::bigint as number from raw.municipalities;

create or replace table intermediate.int_contact_month as
with told as (
    select
        contact_id, (file_index::bigint << 22) | file_row_number as place_of_row,
        case
            when regexp_full_match(occurred_at, '\d{4}-\d{2}-\d{2}([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?')
                then try_cast(occurred_at as timestamp)
        end as moment,
        municipality_code, "group", channel, office
    from read_parquet($files, file_row_number = true)
),

last_rows as (
    select
        max(
            case
                when
                    moment >= timestamp '2000-01-01' and moment < $latest
                    and (office is null or length(office) <= 200)
                    then
                        (place_of_row << 32) | (((year(moment) - 2000) * 12 + month(moment) - 1) << 20)
                        | (places.number << 6) | (groups.number << 3) | channels.number
            end
        ) as packed
    from told
    inner join places on municipality_code = places.code
    inner join kinds as groups on "group" = groups.code and groups.what = 'group'
    inner join kinds as channels on channel = channels.code and channels.what = 'channel'
    where contact_id is not null
    group by contact_id
),

counted as (
    select
        make_date(2000 + ((packed >> 20) & 4095) // 12, ((packed >> 20) & 4095) % 12 + 1, 1) as report_month,
        (packed >> 6) & 16383 as place, (packed >> 3) & 7 as group_number, packed & 7 as channel_number,
        count(*) as contacts
    from last_rows
    where packed is not null
    group by all
),

named as (
    select
        report_month, places.code as municipality_code, groups.code as visitor_group, channels.code as channel, contacts
    from counted
    inner join places on place = places.number
    inner join kinds as groups on group_number = groups.number and groups.what = 'group'
    inner join kinds as channels on channel_number = channels.number and channels.what = 'channel'
)

select report_month, municipality_code, 'all' as visitor_group, channel, sum(contacts)::bigint as contacts
from named group by all
union all
select * from named where visitor_group <> 'all';
