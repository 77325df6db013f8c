"""Sentences of the competitors' pages. Names in braces are filled in by `prose`."""

TREATMENT = (
    "{keyword} at {name} begins with a conversation, and nobody picks up an instrument before it is over.",
    "The price of {keyword} is ${price}, and we print it on the door because surprises belong at birthdays.",
    "Our {staff} has guided more than {many} people through {keyword} and remembers most of their names.",
    "A typical appointment for {keyword} takes {minutes} minutes from coat to coat.",
    "You will leave with a drawing of what {keyword} changes, made while you watch.",
    "We schedule {keyword} on {day} mornings, when the laboratory can answer within the hour.",
    "Half of those who ask about {keyword} decide to wait, and we think that is a good sign.",
    "After {keyword} you may eat {meal}, and the leaflet says why.",
    "{keyword} is reviewed after {weeks} weeks by somebody who did not do the work.",
    "Every complaint about {keyword} since {year} hangs in a folder beside the coffee machine.",
    "The guarantee on {keyword} runs for {few} years and fits on one page.",
)

COMPARISON = (
    "We put {keyword} side by side with its nearest rival, because patients ask for exactly that.",
    "On price {keyword} starts at ${price}, and the alternative is dearer by a third in most towns.",
    "On comfort the difference is small: {comfort} helps with either.",
    "On time {keyword} wins where a single visit matters, and loses where patience pays.",
    "Neither choice is wrong, and about one person in {few} ends up with a mixture of both.",
    "Ask any practice for the yearly upkeep, since it decides more than the first bill.",
    "Our figures come from {many} invoices of the last two years, ours and those of neighbours.",
    "If two quotes differ by more than a half, ask what is left out of the lower one.",
    "The table is checked every {day} by our {staff} and dated at the top.",
)

ANSWER = (
    "The short answer is yes, provided that somebody looks first.",
    "Most people notice a difference within {few} days and forget about it within {weeks} weeks.",
    "Our {staff} answers this question {many} times a year and has not tired of it.",
    "Call us if it lasts longer than a week, or sooner when it keeps you awake.",
    "A rinse with plain water does more than most bottles promise.",
    "People who {habit} ask this least often.",
    "It costs nothing to ask, and the answer is written into your record.",
)

TOWN = (
    "In {city} the practice stands on {street}, across from the {landmark}.",
    "Bus {bus} stops outside, and {spaces} bicycles fit under the roof.",
    "The {city} rooms opened in {year} and were repainted by our patients' children.",
    "On {day} we stay until eight, since {city} works late.",
    "The door in {city} is wide, the step is gone, and the bell is at the height of a wheelchair.",
    "Parents in {city} book the hour after school, so we keep {few} places free.",
    "When something hurts in {city} you are seen the same day, and the telephone says so.",
    "Whoever lives in {city} can borrow a brush with a timer for {weeks} weeks.",
    "Our {staff} knows the schools of {city} by the colour of their jumpers.",
)

CARE = (
    "This guide on {keyword} is read aloud in our waiting room on {day}.",
    "With {keyword} the first step is to {advice}, and it takes less than a minute.",
    "The second step against trouble with {keyword} is a mirror and a good lamp.",
    "Write down what you notice about {keyword} for {few} evenings in a row.",
    "People who {habit} get through {keyword} with less fuss.",
    "Nothing about {keyword} has to be decided on the same day.",
    "If {keyword} keeps you from sleeping, ring the bell, whatever the hour.",
    "Our {staff} has drawn {keyword} on a card that fits into a purse.",
    "Children understand {keyword} better when they may hold the instruments first.",
    "Bring {comfort} along; for {keyword} it is worth more than a leaflet.",
)

LISTING = (
    "This list is made by readers in {town} and checked by two editors before it appears.",
    "Nobody can buy a place on it; advertisements are marked as such.",
    "We visited {many} waiting rooms in {few} weeks and paid for every cup of coffee ourselves.",
    "An entry leaves the list when {few} readers in a row had to wait more than an hour.",
    "Opening hours are compared with the door sign on a {day} in spring.",
    "Prices were read from the practices' own lists and not from brochures.",
    "Readers who {habit} vote a little more often, which we correct for.",
    "Missing somebody? Tell us, and bring a reason that fits on a postcard.",
    "The order within a town follows the alphabet and nothing else.",
)

HOUSE = (
    "{name} was founded in {year} by people who had waited too long in too many corridors.",
    "We answer letters within {few} days, by hand where the handwriting allows.",
    "Whoever works here may read every complaint, and most of us do on {day}.",
    "Our rooms are beside the {landmark}, and the kettle is always on.",
    "We speak {languages}, and draw the rest.",
    "No bonus is paid for the number of appointments, and none ever was.",
    "Visitors are welcome on the first {day} of the month without an appointment.",
    "The archive holds {many} photographs of smiles, all of them printed with permission.",
)
