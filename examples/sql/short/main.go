// Command short prints how long customers wait for a first response, by channel, from the
// view service_events of a PostgreSQL database.
//
//	go run ./short "postgres://desk@localhost/helpdesk"
package main

import (
	"database/sql"
	"fmt"
	"log"
	"os"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/servicequality/servicequality/metrics"
)

func main() {
	db, err := sql.Open("pgx", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	rows, err := db.Query(`SELECT * FROM service_events`)
	if err != nil {
		log.Fatal(err)
	}
	var events metrics.EventLog
	for e, err := range metrics.DecodeRows(rows) {
		if err == nil {
			err = events.Append(e)
		}
		if err != nil {
			log.Print(err) // row 7: …
		}
	}
	byChannel := metrics.NewBreakdown(metrics.Facet.Channel)
	if err := events.Read(metrics.Rules{}, time.Now()).Into(byChannel); err != nil {
		log.Fatal(err)
	}
	for channel := range byChannel.Keys() {
		fmt.Println(channel, byChannel.Group(channel).Elapsed.FirstResponse)
	}
}
