"""The texts the pages are made of: our own words, invented places and people. A story is blocks in reading order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Block = tuple[str, Any]  # ("p", text) ("h2", text) ("ul"|"ol", [items]) ("figure", (src, alt, caption)) ("table", rows)
# ("quote", text) ("pre", (language, code)) ("iframe", address) ("dl", [(term, words)]) ("details", (summary, text))


@dataclass(frozen=True)
class Story:
    title: str
    blocks: tuple[Block, ...]
    standfirst: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    time: str = ""  # with zone
    site: str = "The Harbour Gazette"
    language: str = "en"
    direction: str = "ltr"
    lead: tuple[str, str, str] | None = None
    labels: dict[str, str] = field(default_factory=dict)


def p(*texts: str) -> tuple[Block, ...]:
    return tuple(("p", text) for text in texts)


BRIDGE = Story(
    title="Old swing bridge reopens after nine years of repairs",
    standfirst="Residents of both banks walked across at dawn, though lorries must wait until spring for the new deck",
    authors=("Marta Velling", "Tom Okoro"),
    date="2024-03-18",
    time="2024-03-18T06:45:00+01:00",
    lead=("/media/2024/swing-bridge-dawn-1200x800.jpg", "People crossing a bridge at dawn", "Walkers cross the Lindmouth swing bridge on Monday morning for the first time since 2015."),
    blocks=p(
        "The swing bridge over the Lindmouth estuary opened to walkers and cyclists on Monday, nine years after a barge tore away one of its pivots and left the two halves of the town connected only by a ferry.",
        "About four hundred people gathered in the dark before the barriers were lifted at a quarter to six. Some had brought thermos flasks; a brass trio from the rowing club played until the wind became too strong for the sheet music.",
        "“My daughter was born the week it closed,” said Ines Barlow, who runs the chandlery on the north quay. “She has never walked to her grandmother's house. Today she ran.”",
    )
    + (("h2", "A repair that kept growing"),)
    + p(
        "Engineers first believed that the damaged pivot could be replaced within a season. When divers inspected the foundations, however, they found that the timber piles driven in 1887 had been hollowed out by shipworm almost to the centre.",
    )
    + (("figure", ("/media/2024/piles-divers-900x600.jpg", "Divers beside timber piles", "Divers inspect one of the original piles in the autumn of 2017.")),)
    + p(
        "The town council then faced a choice between demolition and a full replacement of the piers, which the heritage office insisted must keep their stone cladding. The final bill came to 41 million crowns, more than three times the first estimate.",
        "Lorries and buses will not return before April, because the temporary deck of pine boards can carry no more than three tonnes. The permanent deck, made of recycled aluminium, is waiting in a yard forty kilometres upstream.",
    )
    + (("quote", "We have rebuilt the inside of a watch while the town was looking at its face every day."),)
    + p(
        "The ferry, which carried two million passengers in those nine years, will make its last crossing on Friday evening. Its captain, Bo Haldane, said that he would spend the summer repainting the hull and the autumn deciding what to do with it.",
        "The council has invited proposals for the use of the old control cabin. So far the suggestions include a café with four chairs, a radio studio, and a home for the estuary's barn owls.",
    ),
)

HARVEST = Story(
    title="Why the valley's walnut growers are planting at night",
    standfirst="Warmer winters have confused the trees, and a handful of farmers think that lamps may be the answer",
    authors=("Paula Renn",),
    date="2023-11-05",
    time="2023-11-05T09:00:00Z",
    site="Orchard & Field",
    lead=("https://img.orchardfield.example/photos/walnut-lamps.jpg", "Lamps among young trees", "Lamps hang between the rows at the Teague farm."),
    blocks=p(
        "At two in the morning the lowest field of the Teague farm looks like a stage before the actors arrive. Forty lamps hang between rows of knee-high walnut trees, and two people in head torches move slowly from hole to hole with a barrow of saplings.",
        "Walnuts need a long, cold rest before they bud. For most of the last century the valley offered about a thousand hours below seven degrees each winter; in the last five years it has not once offered more than seven hundred.",
        "“The trees wake up as if from a bad nap,” says Gwen Teague. “Half of the branch flowers in March, the other half in May, and the frost takes whichever half it likes.”",
    )
    + (("h2", "Counting the cold"),)
    + p("Growers count what they call chill hours. The method is old and rough, yet it predicts the harvest better than rainfall or the date of the last frost does.")
    + (("table", [["Winter", "Chill hours", "Tonnes per hectare"], ["2018–19", "812", "3.1"], ["2019–20", "655", "2.2"], ["2020–21", "701", "2.6"], ["2021–22", "598", "1.7"], ["2022–23", "640", "1.9"]]),)
    + p("The lamps are not meant to warm anything. They emit a narrow band of far-red light that tells a young tree that the night is shorter than it is, which seems to slow the sap and to delay the first buds by nine to twelve days.")
    + (("h2", "What the trial needs"),)
    + (("ol", ["A slope that faces north, where the soil warms last.", "Saplings no older than two years.", "Power for forty lamps, about as much as a household kettle uses.", "Patience: the first nuts come in the seventh year."]),)
    + p(
        "Not everybody is persuaded. At the growers' meeting in October, a retired agronomist pointed out that the same delay could be had from whitewashing the trunks, which costs almost nothing and needs no cable.",
        "Teague listened, took notes, and whitewashed one row in four. “If the brush wins against the lamp,” she says, “I shall be the first to sell the lamps.”",
    ),
)

COMPILER = Story(
    title="Writing a tiny bytecode compiler on a long train ride",
    authors=("Ada Lindqvist",),
    date="2022-08-14",
    site="Notes from the Sidings",
    blocks=p(
        "The train from Narvik takes nineteen hours and has no network for most of them. That is exactly enough time to write a compiler for a language with four operators, provided that nobody sits down next to you and asks what you are doing.",
        "The language has numbers, names, addition, multiplication and <code>let</code>. Everything is an expression. The whole grammar fits on a napkin, and for the first two hours it did live on one.",
    )
    + (("h2", "The machine first"),)
    + p("I like to begin with the machine, because a machine that is too simple forces the compiler to stay honest. Ours has a stack and a program counter, and nothing else.")
    + (("pre", ("python", "def run(program):\n    stack = []\n    for op, arg in program:\n        if op == \"push\":\n            stack.append(arg)\n        elif op == \"add\":\n            stack.append(stack.pop() + stack.pop())\n    return stack.pop()")),)
    + p("Every instruction is a pair. I tried single bytes at first and spent an hour near Kiruna looking for a mistake that pairs simply cannot have.")
    + (("h2", "Then the tree"),)
    + p("The parser returns nested tuples, and the compiler walks them from the leaves to the root. Each node emits the code of its children before its own.")
    + (("pre", ("python", "def emit(node):\n    if isinstance(node, int):\n        return [(\"push\", node)]\n    op, left, right = node\n    return emit(left) + emit(right) + [(op, None)]")),)
    + (("ul", ["Constant folding took eleven lines.", "Names needed a second stack after all.", "Error messages took longer than everything else together."]),)
    + p("By the time we crossed the lake bridge the compiler could compile the example on the napkin. It produced nine instructions where a person would have written seven, which is a ratio I can live with."),
)

INTERVIEW = Story(
    title="“A lighthouse is a conversation”: talking with keeper Runa Sletts",
    standfirst="The last resident keeper on the Skerry coast on fog, boredom, and why she never learnt to swim",
    authors=("Daniel Moro",),
    date="2021-02-27",
    time="2021-02-27T18:30:00+00:00",
    site="Long Tide Review",
    lead=("https://cdn.longtide.example/i/keeper-portrait.jpg", "A woman on a gallery", "Runa Sletts on the gallery of the Ness light, January 2021."),
    blocks=p(
        "Runa Sletts opens the door before I have knocked, because she watched my boat for the forty minutes it took to come round the point. She is seventy-one, wears a headlamp indoors, and has lived in the Ness light since 1979.",
    )
    + (("h3", "You arrived for a single winter. What happened?"),)
    + p("I forgot to leave. The relief was ill, then the boat was broken, then it was spring and the puffins were back. After a while people stop asking, and then you are the lighthouse keeper.")
    + (("h3", "What does a keeper do when the lamp is automatic?"),)
    + p(
        "I wipe salt from the glass, which no machine does properly. I answer the radio at night. Mostly I am somebody who is awake, and you would be surprised how much sailors value that.",
        "There was a yachtsman who called me every hour for two nights, only to hear the weather he could see with his own eyes. He was not asking about the weather.",
    )
    + (("h3", "Is it true that you cannot swim?"),)
    + p("Perfectly true. Nobody falls into this water twice, so I decided to put all my effort into not falling in once. It has worked for forty-two years.")
    + (("h3", "What will be lost when the house is sold?"),)
    + p("A light is a conversation, even when it is only one flash every fifteen seconds. Somebody says: I am here. Somebody out there says: good. When there is no person at this end it is a signal, and that is a different thing altogether."),
)

RECIPE = Story(
    title="Buckwheat pancakes with burnt leeks",
    authors=("Yael Drummond",),
    date="2020-10-09",
    site="The Slow Pan",
    lead=("https://theslowpan.example/wp-content/uploads/2020/10/pancakes-leeks-1024x683.jpg", "A plate of dark pancakes", ""),
    blocks=p(
        "My neighbour grows leeks as thick as an arm and leaves them on the stairs without a note. This is what becomes of them from October until the stairs are empty again.",
        "Burn the leeks properly. The outside must be black, truly black, so that the inside steams and turns to something like custard.",
    )
    + (("h2", "Ingredients"),)
    + (("ul", ["200 g buckwheat flour", "450 ml cold water", "1 egg", "3 fat leeks", "60 g salted butter", "a fistful of dill"]),)
    + (("h2", "Method"),)
    + (("ol", ["Whisk the flour and half of the water into a thick paste, then add the egg and the rest of the water. Rest for two hours.", "Lay the leeks straight on the flame and turn them every three minutes until they are black all over.", "Slit the leeks, scoop out the soft insides, and stir them with the butter and dill.", "Fry the pancakes thin, on a hotter pan than you think wise, and fold each round a spoonful of leek."]),)
    + p("They keep for a day in the fridge, and fry up again in a dry pan. I have been told that they are good with smoked fish, but in this house they have never lasted long enough to find out."),
)

POLICY = Story(
    title="Ministry publishes guidance on shared wells in dry districts",
    authors=(),
    date="2019-06-03",
    site="Ministry of Water and Soil",
    blocks=p(
        "The Ministry of Water and Soil today published guidance for households and parishes that share a well in districts declared dry under the Act of 2016. The guidance takes effect on 1 July 2019 and replaces the circular of 2011.",
    )
    + (("h2", "1. Scope"),)
    + p("The guidance applies to wells that serve between two and forty households. Wells that serve more are waterworks in the sense of the Act and remain subject to licensing.")
    + (("h2", "2. Duties of the well committee"),)
    + (("ol", ["Measure the level of the water on the first day of each month and enter it in the well book.", "Reduce the daily allowance when the level has fallen by more than two metres within a year.", "Keep the well book open to every household, and to the inspector on request."]),)
    + (("table", [["Fall of level", "Daily allowance per person"], ["less than 2 m", "120 litres"], ["2 to 4 m", "80 litres"], ["more than 4 m", "50 litres"]]),)
    + (("h2", "3. Disputes"),)
    + p("A household that disagrees with a decision of the committee may ask the parish to mediate within thirty days. The parish answers in writing and sends a copy to the district inspector, who may set the decision aside.",
        "The full text, with forms for the well book, is available from district offices and will be sent to parishes by post."),
)

ISLAND = Story(
    title="Storm cuts power to three islands as harbour walls hold",
    authors=("Kirsten Aabel",),
    date="2024-10-21",
    time="2024-10-21T21:10:00+00:00",
    site="Northern Wire",
    standfirst="",
    lead=("https://static.northernwire.example/2024/10/storm-wall-large.jpg", "Waves over a harbour wall", "Waves break over the harbour wall at Sund on Monday evening. (Northern Wire/Ole Fiske)"),
    blocks=p(
        "SUND (NW) — A storm with gusts of 160 kilometres an hour cut the power cable to three outer islands on Monday and forced the evacuation of 220 people, but the harbour walls rebuilt after the flood of 2011 held, officials said.",
        "The cable parted shortly after 4 p.m. where it crosses the Tarr sound, the grid operator Nordlys said. Repair ships cannot leave port before Wednesday, and about 1,900 households are expected to remain without electricity until then.",
        "Nobody was reported injured. Police asked people to stay indoors and away from the quays, where containers were still moving in the wind on Monday night.",
        "The evacuated residents, most of them from the low-lying village of Hamre, were taken to a school in Sund. The mayor, Elin Tofte, said that there were beds, soup and more volunteers than there was work for.",
        "“In 2011 the water was at the second step of the church,” Tofte told reporters. “Tonight it reached the foot of the wall and stopped there. That wall was the most unpopular decision this council ever made.”",
        "Forecasters expected the storm to weaken before dawn. A second low is on its way and may reach the coast on Thursday, though with less wind and more rain.",
    ),
)

STORIES = (BRIDGE, HARVEST, COMPILER, INTERVIEW, RECIPE, POLICY, ISLAND)
