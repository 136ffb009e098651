# Answers from the events in JSON Lines, which must be in the order of time: run it
# with -n. The state has by conversation since when the customer waits, or null, and
# whether there was a response before.
def ms: (.[0:19] + "Z" | fromdateiso8601) * 1000 + (.[20:23] | tonumber);
def quantile($p): ($p * (length - 1)) as $at | ($at | floor) as $low
  | .[$low] + ($at - $low) * ((.[$low + 1] // .[$low]) - .[$low]);
def times: sort | length, add / length, quantile(0.5, 0.9, 0.99);

# What is found is [channel, wait, whether it is the first] or [channel, null, null, stars].
[foreach inputs as $e ({};
  [$e.conversation] as $key | getpath($key) as [$since, $answered]
  | .found = null
  | if $e.type == "message_received" then
      if $since then . else setpath($key; [($e.at | ms), $answered]) end
    elif $e.type == "rating_given" then .found = [$e.channel, null, null, $e.stars]
    elif $since == null or $e.by then .
    elif $e.type == "reply_sent" then
      .found = [$e.channel, ($e.at | ms) - $since, $answered == null] | setpath($key; [null, true])
    elif $e.type == "resolved" then setpath($key; [null, $answered])
    else . end;
  .found | values)]
| group_by(.[0])[]
| [.[0][0], (map(select(.[2])[1]) | times), (map(.[1] | values) | times),
    (map(.[3] | values) | length, (map(select(. >= 4)) | length) / length, add / length)]
