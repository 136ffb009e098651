-- No window: a sorted list of the events of each conversation, packed into
-- numbers, and functions of lists. It does not say which agent replied.
with packed as (
  select any_value(channel) as channel, list_sort(list(ts * 8 + kind)) as spoken
  from events where kind in (0, 1, 4) group by conv
), turns as (
  select channel, list_filter(spoken, lambda e, i: i = 1 or (e % 8 = 0) <> (spoken[i - 1] % 8 = 0)) as turn from packed
), answered as (
  select channel, list_filter(list_zip(turn[2:], turn[:-2]), lambda pair: pair[1] % 8 = 1) as pairs from turns
), flat as (
  select channel, unnest(pairs) as pair, generate_subscripts(pairs, 1) = 1 as first from answered
), waits as (
  select channel, pair[1] // 8 - pair[2] // 8 as wait, first from flat
)
