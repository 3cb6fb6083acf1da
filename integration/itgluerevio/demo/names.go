package demo

// name is an organization, and the customer it is in Rev.io, written as people
// write such names in two systems. An empty right is in IT Glue only.
type name struct{ left, right, parent string }

// names are all invented. Parents stand before their children.
var names = []name{
	{"Brightwater Holdings", "Brightwater Holdings, Inc.", ""},
	{"Dunmore & Pike, Ltd.", "Dunmore and Pike Ltd", ""},
	{"Halden Orthopaedics", "Halden Orthopedics PLLC", ""},
	{"Saint Brannock Parish Council", "St. Brannock Parish Council", ""},
	{"Northgate Logistics Group", "Northgate Logistics Grp LLC", ""},
	{"Quillfeather Publishing", "The Quillfeather Publishing Company", ""},
	{"Marrow & Vale Solicitors", "Marrow & Vale Solicitors LLP", ""},
	{"Oakhaven Veterinary Clinic", "Oakhaven Vet Clinic", ""},
	{"Copperline Brewing Co.", "Copperline Brewing Company", ""},
	{"Sørensen Maritime AS", "Sorensen Maritime", ""},
	{"Tallis Engineering GmbH", "Tallis Engineering", ""},
	{"First Lantern Credit Union", "1st Lantern Credit Union", ""},
	{"Pemberwick School District", "Pemberwick School Dist.", ""},
	{"Greenholt Farms", "Greenholt Farms Inc", ""},
	{"Vantreight Dental Associates", "Vantreight Dental Assoc.", ""},
	{"Ironbark Timber Pty Ltd", "Ironbark Timber Pty. Ltd.", ""},
	{"Larkspur Hospitality", "Larkspur Hospitality, LLC", ""},
	{"Castellan Insurance Brokers", "Castellan Insurance Brokers Inc.", ""},
	{"Wexmoor Housing Trust", "Wexmoor Housing Trust", ""},
	{"Bluefin Aquatics", "Reef Works", ""}, // nothing in the names says so: a person knows
	{"Harrow Lane Pharmacy", "Harrow Lane Pharmacy", ""},
	{"Stonebridge Capital Partners", "Stonebridge Capital Partners LP", ""},
	{"Meridian Tool & Die", "Meridian Tool and Die Corp", ""},
	{"Fenwick Auto Body", "Fenwick Autobody", ""},
	{"Old Harbor Museum", "Old Harbour Museum", ""},
	{"Juniper Ridge Winery", "Juniper Ridge Winery LLC", ""},
	{"Thornbury Architects", "Thornbury Architects, P.C.", ""},
	{"Lindqvist Foods AB", "Lindqvist Foods", ""},
	{"Ashgrove Nursing Homes", "Ashgrove Nursing Homes Ltd", ""},
	{"Palisade Roofing", "Palisade Roofing Inc", ""},
	{"Kingfisher Charter Schools", "Kingfisher Charter Schools", ""},
	{"Redwick Freight", "Redwick Freight Lines", ""},
	{"Moonlit Bakery", "Moonlit Bakery", ""},
	{"Sable Point Resort", "Sable Pt. Resort", ""},
	{"Trillium Landscape Design", "Trillium Landscape Design", ""},
	{"Ember & Ash Ceramics", "Ember and Ash Ceramics LLC", ""},

	{"Brightwater Holdings - East", "Brightwater Holdings (East)", "Brightwater Holdings"},
	{"Brightwater Holdings - West", "Brightwater Holdings (West)", "Brightwater Holdings"},
	{"Brightwater Property Services", "Brightwater Property Services", "Brightwater Holdings"},
	{"Northgate Logistics Dublin", "Northgate Logistics - Dublin", "Northgate Logistics Group"},
	{"Northgate Logistics Antwerp", "Northgate Logistics - Antwerp", "Northgate Logistics Group"},
	{"Pemberwick Middle School", "Pemberwick Middle School", "Pemberwick School District"},
	{"Pemberwick High School", "Pemberwick High School", "Pemberwick School District"},
	{"Larkspur Hotel Riverside", "Larkspur Riverside Hotel", "Larkspur Hospitality"},
	{"Larkspur Hotel Old Town", "Larkspur Old Town Hotel", "Larkspur Hospitality"},
	{"Ashgrove Elm House", "Ashgrove - Elm House", "Ashgrove Nursing Homes"},
	{"Ashgrove Birch House", "Ashgrove - Birch House", "Ashgrove Nursing Homes"},
	{"Kingfisher Academy North", "Kingfisher Academy North", "Kingfisher Charter Schools"},
	{"Kingfisher Academy South", "Kingfisher Academy South", "Kingfisher Charter Schools"},
	{"Castellan Marine Desk", "Castellan Marine Desk", "Castellan Insurance Brokers"},
	{"Stonebridge Advisory", "Stonebridge Advisory LLC", "Stonebridge Capital Partners"},

	{"Brightwater East Warehouse", "Brightwater East Warehouse", "Brightwater Holdings - East"},
	{"Brightwater East Showroom", "Brightwater East Show Room", "Brightwater Holdings - East"},
	{"Pemberwick High Athletics", "Pemberwick High School Athletics", "Pemberwick High School"},
	{"Larkspur Riverside Spa", "Larkspur Riverside Spa", "Larkspur Hotel Riverside"},
	{"Northgate Dublin Port Depot", "Northgate Dublin Port Depot", "Northgate Logistics Dublin"},
	{"Elm House Day Centre", "Elm House Day Center", "Ashgrove Elm House"},

	{"Harvest Moon Collective", "", ""},
	{"Parsley & Thyme Catering", "", ""},
	{"Vesper Choral Society", "", ""},
	{"Ridgeway Cycling Club", "", ""},
	{"Tinderbox Theatre", "", ""},
}

// onlyCustomers are in Rev.io only: no organization is one of them.
var onlyCustomers = []string{
	"Copperline Plumbing", "Oakhaven Dental Clinic", "Harrow Lane Florist", "Stonebrook Capital", "Fenwick Auto Glass", "Meridian Travel", "Larkmoor Estates", "Palisade Fencing",
}
