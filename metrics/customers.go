package metrics

import "github.com/servicequality/servicequality/metrics/internal/intern"

// Customers numbers the customers of histories, from 1, for a [Sink] that follows them
// from one conversation to the next. It keeps the text of each customer once. While the
// histories are of one log, no text is looked at again, which is about three times as
// quick as looking it up.
//
// Customers keep a reference to the log of the last history, until [Customers.Forget]. The
// zero value has none.
type Customers struct {
	texts intern.Table
	from  *names   // of the log of the last history
	known []uint32 // the numbers of its customers, or 0
}

// Number returns the number of [History.Customer], which is a new one if the customer is
// not known yet. It is 0 if there is none.
func (c *Customers) Number(h *History) uint32 {
	n := int(h.customerOf(h.conversation.events()))
	if n == 0 {
		return 0
	}
	if names := h.names(); c.from != names {
		c.from, c.known = names, c.known[:0]
	}
	if n >= len(c.known) {
		c.known = append(c.known, make([]uint32, n+1-len(c.known))...)
	}
	if c.known[n] == 0 {
		c.known[n] = c.Add(CustomerID(c.from.customers.Text(uint32(n))))
	}
	return c.known[n]
}

// Add returns the number of a customer, which is a new one if the customer is not known
// yet. It is 0 for the empty text.
func (c *Customers) Add(id CustomerID) uint32 {
	n, hash := c.texts.Find(string(id))
	if n == 0 && id != "" {
		n = c.texts.Insert(string(id), hash)
	}
	return n
}

// Find returns the number of a customer, or 0 if the customer is not known.
func (c *Customers) Find(id CustomerID) uint32 { return c.texts.Number(string(id)) }

// Customer returns the customer of a number. For 0 it is empty.
func (c *Customers) Customer(number uint32) CustomerID { return CustomerID(c.texts.Text(number)) }

// Len returns how many customers there are, which is the greatest number.
func (c *Customers) Len() int { return c.texts.Len() }

// Forget drops the reference to the log of the last history.
func (c *Customers) Forget() { c.from, c.known = nil, nil }
