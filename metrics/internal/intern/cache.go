package intern

import "hash/maphash"

// Cache keeps texts that came lately, so that names which come again and again
// are not allocated each time. It never holds more than 4,096 texts of at most 128
// bytes. The zero value is empty and ready to use.
type Cache struct {
	seed  maphash.Seed
	texts []string
}

const (
	cachedTexts = 1 << 12
	cachedSize  = 1 << 7
)

// Text returns b as a string.
func (c *Cache) Text(b []byte) string {
	if len(b) > cachedSize {
		return string(b)
	}
	if c.texts == nil {
		c.seed, c.texts = maphash.MakeSeed(), make([]string, cachedTexts)
	}
	text := &c.texts[maphash.Bytes(c.seed, b)%cachedTexts]
	if *text != string(b) {
		*text = string(b)
	}
	return *text
}
