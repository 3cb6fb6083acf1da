#!/usr/bin/env python3
"""generate.py OUT [SEED]: the field set, python3 standard library only.

Process: an organization is a record of facts (owner, trade, town, legal form,
trade name, phone). Two clerks write it down, each by a habit of their own: one
documents networks, one sends bills. Nothing is noise on a string, as in ../dev.
Siblings that look alike and are others are made from the facts, too.
Words are this file's own; real spelling pairs come from ieee-pairs.tsv beside
it (two spellings of one company at one address in the IEEE OUI listing)."""
import os, random, re, sys
OUT = sys.argv[1]; R = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 7)
HERE = os.path.dirname(os.path.abspath(__file__))
SURNAMES = """Abernathy Ackerman Alvarado Andersen Anderson Baier Bayer Barnett Becker Beckett Bergstrom Blackwell Bowman Bradshaw Brennan Brinkley Brown Browne Burkhart Calderon Callahan Cameron Carlsen Carlson Castellano Chandler Clark Clarke Coleman Connelly Connolly Cooke Cook Crawford Dalton Daly Daley Davies Davis Delacroix DeLuca Dempsey Donnelly Drummond Eastman Edmonds Eriksen Erickson Farrell Ferrell Fischer Fisher Fitzgerald Flannery Fontaine Frost Gallagher Garrison Garcia Gentry Gibbons Goldberg Goodman Greenberg Greer Grier Hagen Haines Hale Haley Hammond Hanson Hansen Harman Harmon Hartley Hayes Hays Hendricks Hendrix Hoffman Hoffmann Holloway Hughes Ingram Jennings Jensen Jenson Johansen Johnson Johnston Kaplan Kaufman Keller Kelly Kelley Kowalski Kramer Lambert Larsen Larson Lawson Leary Levine Lindgren Lindquist Lowe Lynch MacDonald McDonald Maddox Mahoney Marlowe Marsh Martinez Mathews Matthews McAllister McBride McCarthy Mercer Meyer Meyers Miller Moeller Moore Morales More Morrison Nakamura Neal Neil Nielsen Nilsson Norris Novak O'Brien O'Connor O'Donnell O'Leary Olsen Olson Ortega Osborne Palmer Parrish Patel Patterson Pearce Pierce Pedersen Petersen Peterson Phillips Philips Pittman Porter Prescott Quinlan Quinn Ramirez Ramsey Reed Reid Reilly Riley Rhodes Roberts Robertson Rodgers Rogers Romano Rosen Russo Sanders Saunders Schaefer Schafer Schmidt Schmitt Schneider Schroeder Schultz Shaw Shea Sherman Shepard Sheppard Sinclair Smith Smyth Sorensen Stafford Stein Stevens Stephens Stewart Stuart Sullivan Sutherland Swanson Tanaka Thompson Thomson Tucker Turner Underwood Valdez Vargas Vaughn Wagner Wallace Walsh Walters Waters Watkins Weaver Webb Weber Webster Weiss Whitaker Whitman Wilkins Wilkinson Willard Winslow Wright Yates Young Zamora Zimmerman""".split()
FIRST = {"Robert":"Bob","William":"Bill","Richard":"Rick","Michael":"Mike","James":"Jim","Thomas":"Tom","Charles":"Chuck","David":"Dave","Daniel":"Dan","Edward":"Ed","Steven":"Steve","Christopher":"Chris","Matthew":"Matt","Anthony":"Tony","Andrew":"Andy","Kenneth":"Ken","Timothy":"Tim","Jeffrey":"Jeff","Gregory":"Greg","Lawrence":"Larry","Elizabeth":"Liz","Margaret":"Peggy","Katherine":"Kathy","Jennifer":"Jen","Patricia":"Pat","Susan":"Sue","Deborah":"Debbie","Rebecca":"Becky","Laura":"","Helen":"","Nancy":"","Karen":"","Brian":"","Kevin":"","Mark":"","Paul":"","George":"","Angela":"","Maria":"","Priya":"","Wei":"","Carlos":""}
TOWNS = [("Ashby","MA"),("Bristol","CT"),("Camden","NJ"),("Dover","DE"),("Elgin","IL"),("Fargo","ND"),("Galena","IL"),("Hudson","NY"),("Irvington","NJ"),("Jasper","IN"),("Kingston","NY"),("Laramie","WY"),("Macon","GA"),("Natchez","MS"),("Oxford","MS"),("Paducah","KY"),("Quincy","IL"),("Roanoke","VA"),("Salem","OR"),("Tulsa","OK"),("Utica","NY"),("Vernon","CT"),("Waco","TX"),("Xenia","OH"),("York","PA"),("Zanesville","OH"),("Cedar Falls","IA"),("Grand Forks","ND"),("Saint Cloud","MN"),("Fort Smith","AR"),("Mount Vernon","OH"),("Boise","ID"),("Duluth","MN"),("Eugene","OR"),("Flint","MI"),("Lubbock","TX"),("Mobile","AL"),("Ogden","UT"),("Provo","UT"),("Yuma","AZ")]
STATES = {"MA":"Massachusetts","CT":"Connecticut","NJ":"New Jersey","IL":"Illinois","NY":"New York","TX":"Texas","OH":"Ohio","GA":"Georgia","OR":"Oregon","VA":"Virginia"}
# trade: the long name, other ways to write it, and a trade that looks like it but is another
TRADES = [("Family Dentistry",["Family Dental","Dental","Dentistry"],"Family Denture Clinic"),("Orthodontics",["Ortho","Orthodontists"],"Orthopedics"),("Optometry",["Eye Care","Optometrists"],"Optical Laboratory"),("Plumbing & Heating",["Plumbing and Heating","Plumbing/Heating","Plbg & Htg","Plumbing & Heating Services"],"Heating & Air"),("Printing",["Printing Company","Print Shop","Printers"],"Painting"),("Law Firm",["Law","Law Office","Attorneys at Law","Law Group"],"Lawn Care"),("Insurance Agency",["Insurance","Ins. Agency","Ins Agcy","Insurance Agcy."],"Assurance Brokers"),("Accounting Services",["Accounting","Acctg Svcs","Accounting & Tax"],"Staffing Services"),("Construction",["Construction Company","Const.","Constr Co","Construction Services"],"Consulting"),("Manufacturing",["Mfg","Mfg.","Manufacturing Co"],"Machining"),("Electric",["Electrical","Electric Co","Elec."],"Electronics"),("Veterinary Hospital",["Vet Hospital","Animal Hospital","Veterinary Hosp"],"Veterans Hospital Foundation"),("Engineering",["Engineers","Engr.","Engineering Group"],"Energy"),("Landscaping",["Landscape","Landscape Co.","Landscaping Services"],"Land Surveying"),("Property Management",["Property Mgmt","Properties","Prop Mgmt"],"Property Maintenance"),("Auto Repair",["Auto","Automotive","Auto Repair & Service"],"Auto Sales"),("Trucking",["Transport","Trucking Inc"],"Truck Wash"),("Machine Works",["Machine","Mach. Works"],"Marine Works"),("Pediatrics",["Pediatric Group","Peds","Pediatric Associates"],"Podiatry"),("Financial Advisors",["Financial","Financial Advisers","Fin'l Advisors"],"Credit Union"),("Title Agency",["Title","Title Co."],"Tile & Stone"),("Physical Therapy",["PT","Phys Therapy"],"Physicians Group"),("Roofing",["Roofing Co","Roofing & Siding","Roofers"],"Flooring"),("Winery",["Wines","Winery & Vineyards"],"Wiring"),("Church of Christ",["Church","Ch. of Christ"],"Church of God"),("Elementary School",["Elem School","Elementary","Elem. Sch."],"Middle School"),("Credit Union",["CU","Federal Credit Union","FCU"],"Credit Bureau"),("Water District",["Water Dist.","Water Dist"],"Fire District"),("Charities",["Charity","Charitable Foundation"],"Chartering"),("Hospitality Group",["Hospitality","Hospitality Grp"],"Hospital Group"),("Logistics International",["Logistics Intl","Logistics Int'l","Logistics Intl."],"Logistics Interior Systems"),("Brewing Company",["Brewing Co.","Brewery","Brewing"],"Bridge Company"),("Technology Partners",["Tech Partners","Technology Ptnrs","Technologies"],"Technical Paints")]
BRANDS = """Northstar Bluewater Ironbridge Silverline Redwood Crossroads Brightside Clearwater Fairview Goldleaf Highpoint Stonegate Timberline Wildflower Oakmont Ridgeline Sandstone Thunderbird Westbrook Eastbrook Northbrook Southbrook Lakeview Baywatch Tidewater Millstone Millbrook Kingfisher Kestrel Osprey Harrier Juniper Hawthorne Larkspur Foxglove Quicksilver Starlight Sunburst Moonbeam Daybreak Nightingale Crosswind Tailwind Headwaters Whitewater Greenfield Springfield Summerset Winterset Centennial Bicentennial Continental Transcontinental Interlake Intermountain Tri-County Tri-State Mid-America MidWest AmeriFirst AmeriTrust DataBridge DataBrook NetWorks CloudNine CoreLogic InfoPoint MediCore MetaForm OmniPath PetroChem ProTech Quikstop Speedway Truecore UniSource Valuepoint Vericore Xcelerate Zentrix Compumark Dynacraft Electrovac Flexitek Globaltex Hydromax Insulate Kwik-Fit Lumatech""".split()
FORMS = ["LLC","Inc.","Inc","Corp.","L.L.C.","Ltd","Co.","PLLC","P.C.","LLP","Corporation","PA"]
WORDNUM = {"1":"One","2":"Two","3":"Three","4":"Four","5":"Five","7":"Seven","8":"Eight","12":"Twelve","21":"Twenty-One"}
ch = R.choice
chance = lambda p: R.random() < p

class Org:
    """The facts."""
    def __init__(self, kind=None):
        self.kind = kind or R.choices(["brand","owner","doctor","partners","town","foreign","number"],[30,26,10,14,9,6,5])[0]
        self.trade = ch(TRADES); self.town = ch(TOWNS); self.form = ch(FORMS) if chance(.7) else ""
        self.first = ch(list(FIRST)); self.middle = ch("ABCDEFGHJKLMRSTW"); self.names = R.sample(SURNAMES, 3); self.brand = ch(BRANDS)
        self.number = ch(list(WORDNUM)); self.phone = f"{R.randrange(201,989)}{R.randrange(200,999)}{R.randrange(1000,9999)}"
        self.other = None; self.foreign = R.randrange(len(FOREIGN)); self.parent = None; self.branch = ""
        self.domain = ""
    def trade_as(self, plain): return self.trade[0] if plain else ch([self.trade[0]] + self.trade[1])
    def core(self, plain=True):
        t = self.trade_as(plain); a, b, c = self.names
        if self.kind == "brand": return f"{self.brand} {t}"
        if self.kind == "owner": return f"{a} {t}"
        if self.kind == "partners": return (f"{a}, {b} & {c}" if self.number in "1234" else f"{a} & {b}") + (f" {t}" if self.number in "12 21" else "")
        if self.kind == "town": return ch([f"{self.town[0]} {t}"]) if plain else ch([f"{self.town[0]} {t}", f"{t} of {self.town[0]}"])
        if self.kind == "number": return f"{self.brand} {t} {self.number}" if plain else f"{self.brand} {t} {ch([self.number, '#'+self.number, WORDNUM[self.number], 'No. '+self.number])}"
        if self.kind == "foreign": f = FOREIGN[self.foreign]; return f[0] if plain else ch(f)
        return self.doctor(plain)
    def doctor(self, plain):
        a = self.names[0]; cred = {"F":"DDS","V":"DVM","P":"MD","O":"OD"}.get(self.trade[0][0],"CPA"); nick = FIRST.get(self.first) or self.first
        dotted = ".".join(cred) + "."
        if plain: return f"{self.first} {a} {cred}"
        return ch([f"{a}, {self.first} {cred}", f"Dr. {self.first} {a}", f"{self.first} {self.middle}. {a}, {dotted}", f"{nick} {a} {cred}", f"{self.first[0]}. {a} {cred}", f"{a} {self.first} {dotted}", f"Office of {self.first} {a}, {cred}", f"{self.first} {a}, {cred}, PA"])
FOREIGN = [("Müller Maschinenbau GmbH & Co. KG","Mueller Maschinenbau","MULLER MASCHINENBAU GMBH"),("Société Lavoisier SARL","Societe Lavoisier","Lavoisier S.à r.l."),("Panadería San Ángel S.A. de C.V.","Panaderia San Angel","PANADERIA SAN ANGEL SA DE CV"),("Østergård Møbler A/S","Ostergard Mobler","Oestergaard Moebler AS"),("Łukasz Budowa Sp. z o.o.","Lukasz Budowa","LUKASZ BUDOWA SP ZOO"),("Officine Bianchi S.p.A.","Officine Bianchi","OFFICINE BIANCHI SPA"),("Van den Berg Logistiek B.V.","vandenBerg Logistiek","Van Den Berg Logistiek"),("Kivelä Oy","KIVELA OY AB","Kivela"),("株式会社サクラ","サクラ","サクラ株式会社"),("Пекарня Ромашка ООО","Pekarnya Romashka","Romashka Pekarnya OOO"),("Construções Silva Ltda.","Construcoes Silva","Silva Construções"),("Yıldız Tekstil A.Ş.","Yildiz Tekstil","YILDIZ TEKSTIL AS"),("Nováček Stavby s.r.o.","Novacek Stavby","Novacek-Stavby sro"),("Kovács Autó Kft.","Kovacs Auto","KOVACS AUTO KFT"),("Sundberg Bygg AB","Sundberg Bygg Aktiebolag","SUNDBERG BYGG"),("Grupo Azteca S. de R.L.","Grupo Azteca","AZTECA GRUPO"),("Papadopoulos Εμπορική ΑΕ","Papadopoulos Emporiki","PAPADOPOULOS EMPORIKI SA"),("Pte Merlion Foods Private Limited","Merlion Foods Pte Ltd","Merlion Foods")]

def typo(n):
    for _ in range(30):
        i = R.randrange(1, len(n) - 1)
        if n[i-1:i+2].isalpha() and len(n) > 5:
            near = {"a":"s","e":"r","i":"o","o":"p","n":"m","t":"y","r":"t","s":"d","l":"k","m":"n"}
            return ch([n[:i]+n[i+1:], n[:i]+n[i]+n[i:], n[:i-1]+n[i]+n[i-1]+n[i+1:], n[:i]+near.get(n[i].lower(), n[i])+n[i+1:]])
    return n
def ocr(n): 
    for a, b in R.sample([("O","0"),("o","0"),("l","1"),("I","1"),("rn","m"),("S","5"),("B","8")], 7):
        if a in n[1:]: return n[0] + n[1:].replace(a, b, 1)
    return n
def lookalike(n):
    for a, b in R.sample([("a","а"),("o","о"),("e","е"),("c","с"),("p","р")], 5):
        if a in n: return n.replace(a, b, 1)
    return n
SOUND = [("Quick","Kwik"),("ck","k"),("ph","f"),("Light","Lite"),("Night","Nite"),("Cl","Kl"),("Express","Xpress"),("Cra","Kra"),("sch","sh"),("ight","ite")]
def said(n):
    for a, b in R.sample(SOUND, len(SOUND)):
        if a in n: return n.replace(a, b, 1)
    return n
def initials(n): return "".join(w[0] for w in re.findall(r"[A-Za-z]+", n) if w.lower() not in ("of","the","and")).upper()
TAGS = ["(old)","- Main Office","(inactive)","- HQ","[VIP]","(DO NOT USE)","*","- Managed","(Block Hours)","- Corporate","(new)","- Prospect","Main Office"]

def documenter(o):
    """Writes for technicians: short, the name in use, tags, places."""
    n = o.core(plain=chance(.45)) + (f" - {o.branch}" if o.branch else "")
    h = R.random()
    if h < .30: return n
    if h < .38: return n + ch([" - %s", " (%s)", ", %s"]) % o.town[0] if not o.branch and o.kind != "town" else n
    if h < .46: return n + " " + ch(TAGS)
    if h < .52: return ch(["zz ","* ","The ","~"]) + n
    if h < .57: return n.replace(" & ", ch([" and "," + ","&"," n "]))
    if h < .61: return n.lower()
    if h < .66: return typo(n)
    if h < .69: return said(n)
    if h < .71: return re.sub(r"[^a-z0-9]", "", n.lower()) + ch([".com",".net"])
    if h < .74: return n.replace(o.names[0], o.names[0] + "'s", 1) if o.kind == "owner" else n
    if h < .77: return initials(n) if len(initials(n)) > 2 and o.kind in ("brand","partners","number","town") else n
    if h < .81: return f"{n} ({initials(n)})"
    if h < .85: return f"{n} {o.form}"
    if h < .88: return lookalike(n)
    if h < .92: return re.sub(r"^(\w)", lambda m: m.group(1), n).replace("Saint","St.").replace("Mount","Mt").replace("Fort","Ft.")
    if h < .96: return f"{n} : {o.town[0]}" if not o.branch and o.kind != "town" else n
    return n.replace(" ", "", 1) if n.count(" ") > 1 else n
def biller(o):
    """Writes for invoices: the legal name, capitals, cut at so many letters."""
    n = o.core(plain=chance(.6)) + (f", {o.branch}" if o.branch else ""); f = f", {o.form}" if o.form and chance(.5) else (f" {o.form}" if o.form else "")
    h = R.random()
    if h < .28: return n + f
    if h < .40: return (n + f).upper()
    if h < .46: return (n + f)[:ch([24,28,30,32])]
    if h < .52: return f"{n}{f} {ch(['#','- ','('])}{R.randrange(10000,99999)}".replace("(", "(") + (")" if False else "")
    if h < .57: o.other = o.other or ch(SURNAMES) + ch([" Holdings"," Enterprises"," Ventures"," & Sons"]); return f"{o.other} LLC {ch(['dba','d/b/a','DBA:','t/a'])} {n}"
    if h < .61: o.other = o.other or ch(BRANDS) + " " + ch(TRADES)[0]; return f"{n} ({ch(['formerly','fka','was'])} {o.other})"
    if h < .66: return typo(n) + f
    if h < .69: return ocr(n) + f
    if h < .72: return n + ch([" of ", ", ", " "]) + o.town[0] + ch([""," "+o.town[1]]) if o.kind != "town" and not o.branch else n + f
    if h < .75: return n.encode().decode("latin-1") if any(ord(c) > 127 for c in n) else n.replace("&", "&amp;")
    if h < .79: return "The " + n + f
    if h < .83:
        w = n.split(); 
        if len(w) > 2: w = w[1:] + w[:1] if chance(.3) else w[:1] + w[2:] + w[1:2]
        return " ".join(w)
    if h < .86: return re.sub(r"(\w)\. ", r"\1 ", n.replace(",", "")) + f
    if h < .89: return n.replace("-", " ") + f
    if h < .92: return n + ch([" Group"," Services"," & Associates"," of America"," Company"]) + f
    if h < .95: return f"{n}{f} c/o {ch(list(FIRST))} {ch(SURNAMES)}"
    return n + f

def near_surname(s):
    """Another real name that looks like this one."""
    c = [x for x in SURNAMES if x != s and x[0] == s[0] and abs(len(x) - len(s)) < 2 and sum(a != b for a, b in zip(x, s)) < 3]
    return ch(c) if c else ch(SURNAMES)
def sibling(o):
    """An organization that looks like another and is none."""
    s = Org(o.kind); s.__dict__.update({k: v for k, v in o.__dict__.items() if k not in ("town","phone","form","parent","other","domain")}); s.names = list(o.names)
    h = R.randrange(5)
    if o.kind == "brand": 
        if h < 3: s.trade = (o.trade[2], [], "")
        elif h == 3: s.brand = {"Northbrook":"Southbrook","Eastbrook":"Westbrook"}.get(o.brand, ch(BRANDS)); 
        else: s.brand = o.brand + ch([" North"," South"])
    elif o.kind == "owner": 
        if h < 3: s.trade = (o.trade[2], [], "")
        else: s.names[0] = near_surname(o.names[0])
    elif o.kind == "doctor": s.first = ch([f for f in FIRST if f[0] == o.first[0] and f != o.first] or ["Zoe"]) if h < 2 else ch([f for f in FIRST if f != o.first])
    elif o.kind == "partners": s.names[1] = near_surname(o.names[1])
    elif o.kind == "town": s.town = ch([t for t in TOWNS if t != o.town])
    elif o.kind == "number": s.number = ch([n for n in WORDNUM if n != o.number])
    else: return None
    return s

left, right, truth, labels = [], [], [], []
def phone(p): return ch([p, f"({p[:3]}) {p[3:6]}-{p[6:]}", f"+1 {p[:3]} {p[3:6]} {p[6:]}", f"{p[:3]}-{p[3:6]}-{p[6:]} ext. {R.randrange(100,999)}", f"1{p}", f"{p[3:6]}-{p[6:]}"])
def row(side, name, o, parent=""):
    rows, mark = (left, "L") if side == "L" else (right, "R")
    i = f"{mark}{len(rows)+1:05d}"; town = o.town if chance(.94) else ch(TOWNS)
    if not o.domain: o.domain = re.sub(r"[^a-z0-9]", "", ch([o.core(), o.brand + o.names[0], o.names[0] + o.trade[0][:5]]).lower())[:20] + ch([".com",".com",".org",".net"])
    number = o.phone if chance(.88) else f"{o.phone[:3]}{R.randrange(2000000,9999999)}"
    rows.append([i, " ".join(name.split()) or o.core(), parent, town[0].upper() if chance(.1) else town[0], ch(["","https://www."])+o.domain if chance(.9) else "gmail.com", phone(number)])
    for at, p in ((3, .6 if mark == "L" else .7), (4, .3 if mark == "L" else .25), (5, .4 if mark == "L" else .5)):
        if not chance(p): rows[-1][at] = ""
    return i
def both(o, kind, pl="", pr=""):
    a, b = row("L", documenter(o), o, pl), row("R", biller(o), o, pr); truth.append((a, b)); labels.append((a, b, kind)); return a, b
def alone(side, o, kind): i = row(side, documenter(o) if side == "L" else biller(o), o); labels.append((i, "-", kind) if side == "L" else ("-", i, kind))
seen = set()
def fresh(kind=None):
    while True:
        o = Org(kind)
        if o.core() not in seen: seen.add(o.core()); return o
used = set()
for _ in range(620):
    o = fresh()
    if o.kind == "foreign":
        if o.foreign in used: continue
        used.add(o.foreign)
    both(o, o.kind)
    if chance(.33):
        s = sibling(o)
        if s and s.core() not in seen and s.core() != o.core():
            seen.add(s.core())
            if chance(.4): both(s, "sibling")
            else: alone(ch("LR"), s, "sibling")
for _ in range(130): # the real one is only on one side, its sibling only on the other
    o = fresh(); s = sibling(o)
    if s and s.core() not in seen: seen.add(s.core()); alone("L", o, "apart"); alone("R", s, "apart")
for _ in range(45): # an owner with branches
    o = fresh(ch(["brand","owner"])); a, b = both(o, "parent")
    for t in R.sample(TOWNS, R.randrange(2, 4)):
        s = Org(o.kind); s.__dict__.update({k: v for k, v in o.__dict__.items() if k not in ("form","other")}); s.town = t; s.branch = t[0]; s.phone = o.phone if chance(.2) else s.phone
        if chance(.7): both(s, "branch", a, b)
        else: alone(ch("LR"), s, "branch")
for _ in range(18): # entered twice by the billing clerk
    o = fresh(); a, b = both(o, "twice"); b2 = row("R", biller(o), o); truth.append((a, b2)); labels.append((a, b2, "twice2"))
pairs = [l.rstrip("\n").split("\t") for l in open(os.path.join(HERE, "ieee-pairs.tsv"), encoding="utf-8")][1:]
for x, y in pairs:
    o = Org("brand"); o.brand = "zq%d" % len(left)
    a, b = row("L", x, o), row("R", y, o); truth.append((a, b)); labels.append((a, b, "real"))
for _ in range(140): alone("L", fresh(), "alone"); alone("R", fresh(), "alone")
R.shuffle(left); R.shuffle(right)
os.makedirs(OUT, exist_ok=True)
for f, h, rows in (("left.tsv", "id name parent_id city domain phone", left), ("right.tsv", "id name parent_id city domain phone", right), ("truth.tsv", "left_id right_id", sorted(truth)), ("labels.tsv", "left_id right_id kind", labels)):
    with open(os.path.join(OUT, f), "w", encoding="utf-8") as o:
        o.write(h.replace(" ", "\t") + "\n"); o.writelines("\t".join(r) + "\n" for r in rows)
print(len(left), len(right), len(truth))
