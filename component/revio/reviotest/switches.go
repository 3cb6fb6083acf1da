package reviotest

import "time"

// Switches is what the tenant does otherwise than the contract assumes. The
// zero value is the contract.
type Switches struct {
	// How lists are read.
	ClampPerPage    int           // at most so many records on a page
	IgnorePages     bool          // every page is the first
	RepeatLastPage  bool          // a page after the last is the last
	NoTotal         bool          // lists do not say how many there are
	IgnoreFilters   bool          // a list of assets is always the whole tenant's
	ContainsFilters bool          // filters by text mean "contains", whatever the case
	ExactFilters    bool          // filters by text mind the case
	ListDelay       time.Duration // a new asset is in lists only after so long

	// What is offered.
	PutOnly             bool // PATCH is answered with 405
	NoCustomerList      bool // the list of customers is answered with 404
	NoAssetTypes        bool // the list of asset types is answered with 404
	NoExternalReference bool // the reference is neither kept nor shown
	ETags               bool // records have a version, and If-Match is minded

	// How records are shown and kept.
	Hide        []string // fields by our names that no record shows
	SnakeCase   bool     // customer_id
	TextIDs     bool     // "1015" in place of 1015
	EmptyText   bool     // "" in place of null
	DateTimes   bool     // an install date comes back as midnight UTC
	IDOnly      bool     // a create answers with the id only
	EmptyCreate bool     // a create answers with 204 and a Location
	Trim        bool     // texts are kept without outer blanks
	Upper       bool     // texts are kept in upper case
	Cut         int      // texts are kept up to so many characters
	RefuseLong  bool     // texts longer than the profile's maxLength are answered with 422

	// How tokens are given.
	TokenLife   time.Duration // zero: an hour
	NoExpiresIn bool          // only the token itself says when it ends
	OpaqueToken bool          // the token is no JWT
}
