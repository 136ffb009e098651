package draw

// A Form chooses what a page is about. It is sent as the query of an address, so that what
// was chosen can be kept and passed on.
type Form struct {
	Action string // the address, without a query
	Fields []Field
	Hidden []Option // what is sent along: by Text its name
}

// A Field is one choice of several.
type Field struct {
	Name    string // in the query
	Label   string
	Options []Option
}

// An Option may be chosen in a field.
type Option struct {
	Value, Text string
	Chosen      bool
}

// Live keeps parts of a page up to date by a script, which replaces the elements that it is
// sent by those of the same id.
type Live struct {
	Script string // its address
	Stream string // the address of server-sent events
	Status string // of when the live parts are
	Again  string // the address of the page, for a browser without scripts
}

// A Link leads to another page.
type Link struct {
	Text, Address string
	Said          string // in place of Text, if that is not clear where it is heard alone
}

// Links are several of them in a line.
type Links []Link

func (Links) name() string { return "links" }

// Cards are key figures in a section.
type Cards []Card

func (Cards) name() string { return "cards" }
