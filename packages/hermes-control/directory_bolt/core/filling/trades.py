"""Lines of business and the words for them in seven languages: data. Words of one line are one trade."""

from functools import cache

from directory_bolt.core.forms.words import words_of

TRADES = (
    "dentist|dentists|dental clinic|dental practice|dental care|dental office|dentistry|zahnarzt|zahnarztpraxis|zahnmedizin|dentiste|cabinet dentaire|dentista|clinica dental|odontologo|studio dentistico|tandarts|tandartspraktijk|clinica dentaria",
    "doctor|doctors|physician|medical practice|medical clinic|general practitioner|arzt|arztpraxis|medecin|medico|consulta medica|huisarts|clinica medica",
    "pharmacy|pharmacies|drugstore|chemist|apotheke|pharmacie|farmacia|apotheek",
    "veterinarian|vet|veterinary clinic|animal clinic|tierarzt|veterinaire|veterinario|dierenarts",
    "optician|optometrist|eye care|optiker|opticien|optica|ottico|otica",
    "physiotherapist|physiotherapy|physical therapy|physiotherapie|fisioterapia|fysiotherapie",
    "restaurant|restaurants|diner|eatery|gaststatte|gasthaus|restaurante|ristorante",
    "cafe|cafes|coffee shop|coffee house|coffeehouse|kaffeehaus|salon de the|cafeteria|caffe|koffiehuis",
    "bar|pub|bars|pubs|kneipe|birreria|taberna|cafe bar|kroeg",
    "bakery|bakeries|baker|bread shop|backerei|backer|boulangerie|boulanger|panaderia|panificio|panetteria|bakkerij|bakker|padaria",
    "butcher|butchers|butcher shop|metzgerei|fleischerei|boucherie|carniceria|macelleria|slagerij|talho|acougue",
    "grocery|grocery store|groceries|supermarket|lebensmittel|supermarkt|epicerie|supermarche|supermercado|supermercato|kruidenier|mercearia",
    "catering|caterer|caterers|traiteur|cateringbedrijf",
    "plumber|plumbers|plumbing|klempner|installateur|sanitar|plombier|plomberie|fontanero|fontaneria|idraulico|loodgieter|canalizador|encanador",
    "electrician|electricians|electrical contractor|elektriker|electricien|electricista|elettricista|elektricien|eletricista",
    "carpenter|carpenters|carpentry|joiner|schreiner|tischler|zimmerei|menuisier|charpentier|carpintero|falegname|timmerman|carpinteiro",
    "painter|painters|painting contractor|house painter|maler|malerbetrieb|peintre|pintor|imbianchino|schilder",
    "roofer|roofers|roofing|dachdecker|couvreur|techador|conciatetti|dakdekker",
    "builder|builders|construction|construction company|general contractor|building contractor|bauunternehmen|entreprise de construction|constructora|construccion|impresa edile|edilizia|aannemer|bouwbedrijf|construtora",
    "locksmith|locksmiths|schlusseldienst|serrurier|cerrajero|cerrajeria|fabbro|slotenmaker|chaveiro|serralheiro",
    "gardener|gardening|landscaping|landscaper|landscape gardener|gartner|gartenbau|jardinier|paysagiste|jardinero|jardineria|giardiniere|hovenier|jardineiro|jardinagem",
    "cleaning|cleaning service|cleaning services|cleaners|house cleaning|gebaudereinigung|reinigung|nettoyage|limpieza|impresa di pulizie|pulizie|schoonmaakbedrijf|schoonmaak|limpeza",
    "florist|florists|flower shop|flowers|blumenladen|florist in|fleuriste|floristeria|fiorista|fioraio|bloemist|florista",
    "lawyer|lawyers|attorney|attorneys|law firm|law office|solicitor|solicitors|legal services|rechtsanwalt|anwalt|anwaltskanzlei|kanzlei|avocat|cabinet d avocats|abogado|abogados|bufete|avvocato|studio legale|advocaat|advocatenkantoor|advogado",
    "accountant|accountants|accounting|bookkeeper|bookkeeping|tax advisor|tax consultant|steuerberater|steuerberatung|buchhaltung|comptable|expert comptable|contable|contabilidad|asesoria fiscal|commercialista|ragioniere|boekhouder|accountantskantoor|contabilista|contador",
    "notary|notar|notaire|notario|notaio|notaris|cartorio",
    "real estate|real estate agent|real estate agency|realtor|estate agent|estate agents|property management|immobilien|immobilienmakler|makler|agent immobilier|agence immobiliere|immobilier|agente inmobiliario|inmobiliaria|agenzia immobiliare|agente immobiliare|makelaar|imobiliaria|agente imobiliario",
    "insurance|insurance agency|insurance agent|insurance broker|versicherung|versicherungsmakler|assurance|assurances|seguros|agencia de seguros|assicurazioni|assicurazione|verzekering|verzekeringen",
    "marketing|marketing agency|advertising|advertising agency|werbeagentur|agence de publicite|publicidad|agencia de publicidad|agenzia pubblicitaria|reclamebureau|agencia de marketing",
    "web design|web designer|web development|website design|webdesign|webagentur|diseno web|creation de sites|realizzazione siti|criacao de sites",
    "software|software company|software development|it company|softwarehaus|softwareentwicklung|editeur de logiciels|logiciel|empresa de software|desarrollo de software|sviluppo software|casa de software|softwarebedrijf",
    "it services|it support|computer repair|computer services|it dienstleister|edv|computer|informatique|depannage informatique|informatica|assistenza computer|computerwinkel",
    "consultant|consulting|business consulting|management consulting|unternehmensberatung|beratung|conseil|cabinet de conseil|consultoria|consulenza|adviesbureau",
    "photographer|photographers|photography|fotograf|fotografie|photographe|fotografo|fotografia|fotograaf",
    "hairdresser|hairdressers|hair salon|barber|barbershop|barber shop|friseur|frisor|coiffeur|salon de coiffure|peluqueria|peluquero|parrucchiere|barbiere|kapper|kapsalon|cabeleireiro|barbearia",
    "beauty salon|beauty|beautician|cosmetics studio|nail salon|kosmetik|kosmetikstudio|institut de beaute|esthetique|salon de belleza|estetica|centro estetico|schoonheidssalon|salao de beleza",
    "spa|wellness|massage|wellnesscenter|bien etre|masajes|massaggi|massagem",
    "gym|fitness|fitness center|fitness studio|fitness club|fitnessstudio|salle de sport|gimnasio|palestra|sportschool|academia de ginastica|ginasio",
    "hotel|hotels|guest house|guesthouse|inn|bed and breakfast|pension|gasthof|albergo|hostal|chambre d hotes|pensione|pousada",
    "travel agency|travel agent|travel|reiseburo|agence de voyages|agencia de viajes|agenzia di viaggi|reisbureau|agencia de viagens",
    "car repair|auto repair|garage|mechanic|auto mechanic|car service|autowerkstatt|kfz werkstatt|kfz|garage automobile|mecanicien|taller mecanico|taller|autofficina|officina|autogarage|garagebedrijf|oficina mecanica|oficina",
    "car dealer|car dealership|auto dealer|used cars|autohaus|autohandler|concessionnaire|concesionario|concessionaria|autodealer|concessionario",
    "taxi|taxi service|cab|taxis|taxiunternehmen|servicio de taxi",
    "moving company|movers|removals|moving|umzug|umzugsunternehmen|demenagement|mudanzas|traslochi|verhuisbedrijf|mudancas",
    "school|schools|education|training|schule|ausbildung|ecole|formation|escuela|educacion|scuola|istruzione|onderwijs|escola|educacao|ensino",
    "kindergarten|daycare|day care|nursery|child care|childcare|kita|creche|guarderia|asilo nido|kinderopvang|infantario",
    "bank|banks|banking|banque|banco|banca",
    "jeweler|jewelers|jewelry|jewellery|jeweller|juwelier|schmuck|bijouterie|bijoutier|joyeria|gioielleria|joalharia|joalheria",
    "clothing|clothing store|fashion|boutique|apparel|bekleidung|mode|vetements|ropa|tienda de ropa|abbigliamento|kleding|vestuario|roupa",
    "furniture|furniture store|mobel|mobelhaus|meubles|muebles|mobili|arredamento|meubels|moveis",
    "bookstore|bookshop|books|buchhandlung|librairie|libreria|boekhandel|livraria",
    "printing|print shop|printer|druckerei|imprimerie|imprenta|tipografia|drukkerij|grafica",
)  # fmt: skip


@cache
def _trades() -> dict[tuple[str, ...], int]:
    return {words_of(name): at for at, line in enumerate(TRADES) for name in line.split("|")}


def trade(text: str) -> int | None:
    """Which trade a name stands for; None for none of them."""
    return _trades().get(words_of(text))
