package itgluetest

import (
	"time"
)

// Switches are how the service behaves where IT Glue does not document it. The
// zero value of each is what the component assumes; the others are what it has
// to bear.
type Switches struct {
	// Keys and limits.
	NoPasswordAccess string        // how a key without it is answered: "" without the value, "null", "401", "403"
	PausedKeyStatus  int           // 0 is 403
	RateLimit        int           // requests in RateWindow; 0 is 3000, less than 0 is no limit
	RateWindow       time.Duration // 0 is 5 minutes
	RetryAfter       string        // the header of a 429; "" for none

	// Lists.
	PageSizeAboveMax     string        // "" is cut to 1000, "422" is refused
	MissingTypeFilter    int           // 0 is 400
	CommaLists           string        // a filter's list of values: "" is kept to, "ignored" gives all, "first" the first only, "literal" none
	UnknownFilterRefused bool          // instead of ignored
	UnlistedSortRefused  bool          // instead of ignored
	NameFilterAnyCase    bool          // an exact filter by name does not regard case
	NoLinks              bool          // links is empty on lists of several pages too
	NoMeta               bool          // lists without meta
	IncludeIgnored       bool          // lists do not include what they are asked to
	HideArchived         bool          // archived flexible assets are not listed
	HideArchivedLogins   bool          // archived passwords are not listed
	UpdatedFilterWeek    bool          // filter[updated_at] beyond a week is refused
	ListingDelay         time.Duration // how long a record made through the API is missing from lists

	// Organizations.
	ParentIDAsString bool   // parent-id as a string
	AncestorForm     string // ancestor-ids: "" a list, "string" a string that holds a list, "null"
	PSARefusal       string // the detail of the refusal to rename an organization that a PSA keeps

	// Flexible assets.
	EmptyTraits         string // of fields without value: "" are missing, "null", "blank"
	RenameKeepsKey      bool   // a field's rename leaves its key and the traits alone
	NumbersAsStrings    bool   // Number and Percent traits print as strings
	DateTimes           bool   // Date traits print as midnight UTC, and are taken so
	PatchWithoutTraits  string // "" keeps them, "clears" deletes them
	PasswordTraitLost   bool   // a Password field's id sent back does not keep it
	SelectTakesAnything bool   // a Select field takes what is not one of its options
	ArchiveKeepsTime    bool   // archiving does not move updated-at
	UnknownRecord       int    // the answer to a write to a record that is not there; 0 is 404

	// Passwords.
	EmbeddedType            string // resource-type of one embedded in a flexible asset; "" is "flexible-assets"
	FieldType               string // of one that is a field; "" is "flexible-asset-traits"
	IncludeOnlyEmbedded     bool   // include=passwords leaves out those that are fields
	ListShowsPasswordMember bool   // a list has the value after all, as one example of the reference does

	// Writes.
	CreateStatus int // 0 is 201
}

func (s Switches) rateLimit() int {
	if s.RateLimit == 0 {
		return 3000
	}
	return s.RateLimit
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
