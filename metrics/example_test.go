package metrics_test

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"log"
	"strings"
	"sync"
	"time"

	"github.com/servicequality/servicequality/metrics"
	"github.com/servicequality/servicequality/metrics/stat"
)

// at returns an instant of the morning of 2 March 2026.
func at(hour, minute int) time.Time {
	return time.Date(2026, time.March, 2, hour, minute, 0, 0, time.UTC)
}

// The customer writes at 9:00, gets an acknowledgement at once, and the first
// answer of a person at 9:20.
func ExampleHistory_FirstResponse() {
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "4711", At: at(9, 0), Channel: metrics.Email},
		metrics.ReplySent{Conversation: "4711", At: at(9, 0), Agent: "bot", By: metrics.ByAutomation},
		metrics.ReplySent{Conversation: "4711", At: at(9, 20), Agent: "ana"},
	)
	if err != nil {
		log.Fatal(err)
	}
	if wait, ok := c.Read(metrics.Rules{}, at(10, 0)).FirstResponse(); ok {
		fmt.Println(wait.Outcome, "by", wait.Agent, "after", wait.Duration())
	}
	// Output: answered by ana after 20m0s
}

// Replies after 20, 3 and 10 minutes are a response time of 11 minutes.
func ExampleHistory_Responses() {
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "4711", At: at(9, 0)},
		metrics.ReplySent{Conversation: "4711", At: at(9, 20)},
		metrics.MessageReceived{Conversation: "4711", At: at(9, 30)},
		metrics.ReplySent{Conversation: "4711", At: at(9, 33)},
		metrics.MessageReceived{Conversation: "4711", At: at(10, 0)},
		metrics.MessageReceived{Conversation: "4711", At: at(10, 5)}, // still the same wait
		metrics.ReplySent{Conversation: "4711", At: at(10, 10)},
	)
	if err != nil {
		log.Fatal(err)
	}
	var times metrics.Summary
	for _, wait := range c.Read(metrics.Rules{}, at(11, 0)).Responses() {
		times.Add(wait.Duration())
	}
	mean, _ := times.Mean()
	fmt.Println(mean)
	fmt.Println(&times)
	// Output:
	// 11m0s
	// 3 × mean 11 min, median 10 min, p95 19 min
}

func ExampleBreakdown() {
	var events metrics.EventLog
	for _, e := range []metrics.Event{
		metrics.MessageReceived{Conversation: "1", At: at(9, 0), Channel: metrics.Email},
		metrics.MessageReceived{Conversation: "2", At: at(9, 0), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "2", At: at(9, 1), Agent: "ben"},
		metrics.MessageReceived{Conversation: "3", At: at(9, 2), Channel: metrics.Chat},
		metrics.ReplySent{Conversation: "1", At: at(9, 20), Agent: "ana"},
	} {
		if err := events.Append(e); err != nil {
			log.Fatal(err)
		}
	}
	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
	if err := events.Read(metrics.Rules{}, at(10, 0)).Into(byChannel); err != nil {
		log.Fatal(err)
	}
	for _, channel := range []metrics.Channel{metrics.Email, metrics.Chat} {
		f := byChannel.Group(channel)
		fmt.Printf("%s: first response %v; still waiting %d\n", channel, &f.Elapsed.FirstResponse, f.Elapsed.StillWaiting.Count())
	}
	fmt.Println("conversations:", byChannel.Total().Conversations)
	// Output:
	// email: first response 1 × mean 20 min, median 20 min, p95 20 min; still waiting 0
	// chat: first response 1 × mean 1 min, median 1 min, p95 1 min; still waiting 1
	// conversations: 3
}

// Any function of a Facet makes a key: here the day of the answer.
func ExampleNewBreakdown() {
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "1", At: at(23, 50)},
		metrics.ReplySent{Conversation: "1", At: at(24, 10)},
	)
	if err != nil {
		log.Fatal(err)
	}
	day := func(f metrics.Facet) string { return f.Period(metrics.Periods{Unit: metrics.Day}).String() }
	byDay := metrics.NewBreakdown(day)
	if err := byDay.Add(c.Read(metrics.Rules{}, at(48, 0))); err != nil {
		log.Fatal(err)
	}
	fmt.Println(byDay.Group("2026-03-02").Elapsed.Response.Count(), byDay.Group("2026-03-03").Elapsed.Response.Count())

	byStart := metrics.NewBreakdown(day)
	if err := byStart.Add(c.Read(metrics.Rules{ByStart: true}, at(48, 0))); err != nil {
		log.Fatal(err)
	}
	fmt.Println(byStart.Group("2026-03-02").Elapsed.Response.Count(), byStart.Group("2026-03-03").Elapsed.Response.Count())
	// Output:
	// 0 1
	// 1 0
}

// A line that cannot be read is reported, and the others are in the log.
func ExampleEventLog_Load() {
	file := strings.NewReader(`conversation,at,type,agent
1,2026-03-02T09:00:00Z,message_received,
1,2026-03-02 09:20:00,reply_sent,ana
1,2026-03-02 09:30:00Z,reply_sent,ana
`)
	var events metrics.EventLog
	for err := range events.Load(file) {
		fmt.Println(err)
	}
	fmt.Println(events.Len(), "events, the last at", events.Latest().Format(time.TimeOnly))
	// Output:
	// line 3: metrics: bad field: at: an offset from UTC such as Z or +01:00 is missing: "2026-03-02 09:20:00": "1,2026-03-02 09:20:00,reply_sent,ana"
	// 2 events, the last at 09:30:00
}

// Two goroutines decode a large file. Its pieces are appended in order.
func ExamplePieces() {
	file := strings.NewReader(strings.Repeat(`{"type":"reply_sent","conversation":"1","at":"2026-03-02T09:20:00Z","agent":"ana"}`+"\n", 10_000))
	type part struct {
		metrics.Piece
		decoded chan struct{}
	}
	work, inOrder := make(chan *part), make(chan *part, 8)
	for range 2 {
		go func() {
			for p := range work {
				p.Decode()
				close(p.decoded)
			}
		}()
	}
	go func() {
		for pieces := metrics.NewPieces(file); ; {
			p := &part{decoded: make(chan struct{})}
			if pieces.Next(&p.Piece) != nil { // io.EOF, if all is well
				close(work)
				close(inOrder)
				return
			}
			inOrder <- p
			work <- p
		}
	}()
	var events metrics.EventLog
	for p := range inOrder {
		<-p.decoded
		for _, err := range events.AppendPiece(&p.Piece) {
			fmt.Println(err)
		}
	}
	fmt.Println(events.Len()+events.Duplicates(), "events")
	// Output:
	// 10000 events
}

// A program that looks at each event decodes them one by one.
func ExampleDecodeJSONLines() {
	file := strings.NewReader(`{"type":"message_received","conversation":"1","at":"2026-03-02T09:00:00Z","channel":"email"}
{"type":"rating_given","conversation":"1","at":"2026-03-02T09:30:00Z","stars":6}
{"type":"reply_sent","conversation":"1","at":"2026-03-02T09:20:00Z","agent":"ana"}
`)
	var events metrics.EventLog
	for e, err := range metrics.DecodeJSONLines(file) {
		if err == nil {
			err = events.Append(e)
		}
		if err != nil {
			fmt.Println(err)
			continue
		}
	}
	fmt.Println(events.Len(), "events")
	// Output:
	// line 2: rating: stars outside 1 to 5: 6: "{\"type\":\"rating_given\",\"conversation\":\"1\",\"at\":\"2026-03-02T09:30:00Z\",\"stars\":6}"
	// 2 events
}

func ExampleDecodeCSV() {
	file := strings.NewReader(`conversation,at,type,agent
1,2026-03-02T09:00:00Z,message_received,
1,2026-03-02T09:20:00Z,reply_sent,ana
`)
	for e, err := range metrics.DecodeCSV(file) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%T\n", e)
	}
	// Output:
	// metrics.MessageReceived
	// metrics.ReplySent
}

// The rows of a view, such as
//
//	SELECT 'reply_sent' AS type, ticket_id AS conversation, created AS at, user_id AS agent FROM replies
//
// in which keys are numbers, and instants Unix times.
func ExampleDecodeRows() {
	db := sql.OpenDB(&tableDriver{columns: []string{"type", "conversation", "at", "agent"}, rows: [][]driver.Value{
		{"message_received", int64(4711), int64(1772442000), nil},
		{"reply_sent", int64(4711), int64(1772443200), int64(12)},
		{"reply_sent", int64(4711), int64(20260302), int64(12)},
	}})
	rows, err := db.Query("SELECT * FROM service_events")
	if err != nil {
		log.Fatal(err)
	}
	defer rows.Close()
	for e, err := range metrics.DecodeRows(rows) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		r := metrics.RecordOf(e)
		fmt.Printf("%v in %s at %s by %q\n", r.Type, r.Conversation, r.At.Format(time.TimeOnly), r.Agent)
	}
	// Output:
	// message_received in 4711 at 09:00:00 by ""
	// reply_sent in 4711 at 09:20:00 by "12"
	// row 3: metrics: bad field: at: not a Unix time of 10, 13, 16 or 19 digits: "20260302": conversation "4711"
}

// The report of 9:10 can be made again at any later time.
func ExampleConversation_Read() {
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "4711", At: at(9, 0)},
		metrics.ReplySent{Conversation: "4711", At: at(9, 20)},
	)
	if err != nil {
		log.Fatal(err)
	}
	for _, asOf := range []time.Time{at(9, 10), at(9, 30)} {
		wait, _ := c.Read(metrics.Rules{}, asOf).FirstResponse()
		fmt.Println(wait.Outcome, wait.Duration())
	}
	// Output:
	// open 10m0s
	// answered 20m0s
}

func ExampleRules() {
	c, err := metrics.NewConversation(
		metrics.Opened{Conversation: "4711", At: at(9, 0)},
		metrics.MessageReceived{Conversation: "4711", At: at(9, 5)},
		metrics.ReplySent{Conversation: "4711", At: at(9, 6), Agent: "bot", By: metrics.ByAutomation},
		metrics.Assigned{Conversation: "4711", At: at(9, 15), Agent: "ana"},
		metrics.ReplySent{Conversation: "4711", At: at(9, 20), Agent: "ana"},
	)
	if err != nil {
		log.Fatal(err)
	}
	for _, rules := range []metrics.Rules{
		{}, // what most desks mean
		{FirstResponseFrom: metrics.FromOpened},
		{FirstResponseFrom: metrics.FromAssigned},
		{Automation: metrics.AutomationAnswers},
	} {
		wait, _ := c.Read(rules, at(10, 0)).FirstResponse()
		fmt.Println(wait.Duration(), wait.Agent)
	}
	// Output:
	// 15m0s ana
	// 20m0s ana
	// 5m0s ana
	// 1m0s bot
}

// Each part of the work has its own Summary, and these merge.
func ExampleSummary_Merge() {
	var monday, tuesday, both metrics.Summary
	monday.Add(20 * time.Minute)
	monday.Add(3 * time.Minute)
	tuesday.Add(10 * time.Minute)
	both.Merge(&monday)
	both.Merge(&tuesday)
	median, _ := both.Median()
	fmt.Println(both.Count(), both.Sum(), median)
	// Output: 3 1980 10m0s
}

// A conversation that was reopened has a first resolution time, a full one, and an
// active one.
func ExampleHistory_FirstResolution() {
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "4711", At: at(9, 0)},
		metrics.Paused{Conversation: "4711", At: at(9, 5)}, // it waits for the customer
		metrics.Resumed{Conversation: "4711", At: at(9, 15)},
		metrics.Resolved{Conversation: "4711", At: at(9, 30)},
		metrics.MessageReceived{Conversation: "4711", At: at(11, 0)}, // it was not
		metrics.Resolved{Conversation: "4711", At: at(11, 30)},
	)
	if err != nil {
		log.Fatal(err)
	}
	h := c.Read(metrics.Rules{}, at(12, 0))
	first, _ := h.FirstResolution(metrics.AroundTheClock)
	full, _ := h.FullResolution(metrics.AroundTheClock)
	active, _ := h.ActiveTime(metrics.AroundTheClock)
	fmt.Println(first, full, active, h.Reopens())
	// Output: 20m0s 2h20m0s 50m0s 1
}

func ExampleHistory_OneTouch() {
	c, err := metrics.NewConversation(
		metrics.MessageReceived{Conversation: "4711", At: at(9, 0)},
		metrics.ReplySent{Conversation: "4711", At: at(9, 20)},
		metrics.Resolved{Conversation: "4711", At: at(9, 21)},
	)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c.Read(metrics.Rules{}, at(10, 0)).OneTouch())
	// Output: true true
}

func ExampleFigures_AutomatedShare() {
	f := metrics.Figures{Volume: metrics.Volume{Replies: 3, Automated: 1}}
	share, _ := f.AutomatedShare().Percent(1, stat.HalfAwayFromZero)
	fmt.Println(share, "%")
	// Output: 25 %
}

// Several goroutines each read a part of the log, and what they count merges.
func ExampleReading_Parts() {
	var log metrics.EventLog
	for i := range 1000 {
		id, at := metrics.ConversationID(fmt.Sprint(i)), time.Date(2026, 3, 2, 9, 0, i, 0, time.UTC)
		for _, e := range []metrics.Event{
			metrics.MessageReceived{Conversation: id, At: at},
			metrics.ReplySent{Conversation: id, At: at.Add(time.Duration(i) * time.Second)},
		} {
			if err := log.Append(e); err != nil {
				fmt.Println(err)
				return
			}
		}
	}
	asOf := time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)
	parts := log.Read(metrics.Rules{}, asOf).Parts(4)
	counted := make([]*metrics.Breakdown[metrics.Channel], len(parts))
	var group sync.WaitGroup
	for i, part := range parts {
		group.Go(func() {
			counted[i] = metrics.NewBreakdown(metrics.Facet.Channel)
			if err := part.Into(counted[i]); err != nil {
				fmt.Println(err)
			}
		})
	}
	group.Wait()
	for _, part := range counted[1:] {
		if err := counted[0].Merge(part); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(&counted[0].Total().Elapsed.FirstResponse)
	// Output: 1,000 × mean 8 min 20 s, median 8 min 20 s, p95 16 min
}
