, times as (
  select channel,
    count(*) filter (first) as first_n, avg(wait) filter (first) as first_mean,
    quantile_cont(wait, [0.5, 0.9, 0.99]) filter (first) as first_q,
    count(*) as n, avg(wait) as mean, quantile_cont(wait, [0.5, 0.9, 0.99]) as q
  from waits group by channel
), rated as (
  select channel, sum(ratings) as ratings, sum(good) / sum(ratings) as csat, sum(stars) / sum(ratings) as stars
  from packed group by channel
)
select channel, first_n, first_mean, first_q[1], first_q[2], first_q[3], n, mean, q[1], q[2], q[3],
  coalesce(ratings, 0), coalesce(csat, 0), coalesce(stars, 0)
from times left join rated using (channel)
