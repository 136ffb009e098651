, times as (
  select channel,
    count(*) filter (first) as first_n, avg(wait) filter (first) as first_mean,
    quantile_cont(wait, [0.5, 0.9, 0.99]) filter (first) as first_q,
    count(*) as n, avg(wait) as mean, quantile_cont(wait, [0.5, 0.9, 0.99]) as q
  from waits group by channel
), rated as (
  select channel, count(*) as ratings, avg((stars >= 4)::int) as csat, avg(stars) as stars
  from events where kind = 3 group by channel
)
select channel, first_n, first_mean, first_q[1], first_q[2], first_q[3], n, mean, q[1], q[2], q[3],
  coalesce(ratings, 0), coalesce(csat, 0), coalesce(stars, 0)
from times left join rated using (channel)
