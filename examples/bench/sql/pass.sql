-- Everything in one pass over the file, which is in no table: a row for each
-- conversation, with the sorted list of its events as in lists.sql and the sums of its
-- ratings. It takes the channel of a rating from its conversation.
with packed as materialized (
  select any_value(channel) as channel, list_sort(list(ts * 8 + kind) filter (kind in (0, 1, 4))) as spoken,
    count(stars) as ratings, count(*) filter (stars >= 4) as good, sum(stars) as stars
  from events group by conv
), turns as (
  select channel, list_filter(spoken, lambda e, i: i = 1 or (e % 8 = 0) <> (spoken[i - 1] % 8 = 0)) as turn from packed
), answered as (
  select channel, list_filter(list_zip(turn[2:], turn[:-2]), lambda pair: pair[1] % 8 = 1) as pairs from turns
), flat as (
  select channel, unnest(pairs) as pair, generate_subscripts(pairs, 1) = 1 as first from answered
), waits as (
  select channel, pair[1] // 8 - pair[2] // 8 as wait, first from flat
)
