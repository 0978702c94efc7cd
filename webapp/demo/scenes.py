"""What the samples' pictures show: one function a scene, each with its own colours. Pure drawing on a Canvas."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from webapp.demo.pictures import HEIGHT, WIDTH, Canvas


def plain_at_dusk(canvas: Canvas) -> None:
    canvas.sky("#2b2350", "#f3a26b", above=520)
    canvas.glow(820, 470, 300, "#ffd9a0")
    canvas.disc(820, 470, 52, "#ffe9c4")
    canvas.ridge(505, 26, "#8b4f57", waves=2)
    canvas.ridge(560, 18, "#5d3347", waves=3)
    canvas.ridge(640, 22, "#37213a", waves=2)
    for x, tall in ((210, 90), (262, 120), (330, 76), (398, 104), (470, 64)):
        canvas.box(x, 610 - tall, x + 50, 640, "#241630")
        canvas.box(x + 16, 622 - tall, x + 28, 640 - tall, "#f6c177")
    canvas.stroke([(560, 640), (560, 430), (561, 430)], "#241630", 5)
    canvas.stroke([(940, 652), (940, 470), (1010, 652)], "#241630", 4)


def solar_field(canvas: Canvas) -> None:
    canvas.sky("#5fb3d9", "#f7efd8", above=430)
    canvas.disc(960, 140, 58, "#fff6cf")
    canvas.glow(960, 140, 220, "#fff1b8")
    canvas.ridge(395, 40, "#d9b98a", waves=3)
    canvas.sky("#dcb77c", "#b98a4e", below=420)
    for row in range(7):
        top, deep = 430 + row * row * 7.4 + row * 6, 14 + row * 8
        for column in range(-1, 9 - row // 2):
            left = column * (110 + row * 26) + 40 - row * 30
            wide = 96 + row * 22
            corners = [(left + deep * 0.5, top), (left + wide + deep * 0.5, top)]
            canvas.shape([*corners, (left + wide, top + deep), (left, top + deep)], "#1d3a5f")
            for part in (0.25, 0.5, 0.75):
                here = left + wide * part
                canvas.stroke([(here + deep * 0.5, top), (here, top + deep)], "#6fa3c8", 1.2)


def station_classroom(canvas: Canvas) -> None:
    canvas.sky("#22313f", "#3f5666")
    for ring in range(9, 0, -1):
        wide = 70 + ring * 62
        shade = 40 + (9 - ring) * 14
        canvas.disc(600, 470, wide, f"#{shade + 12:02x}{shade + 22:02x}{shade + 34:02x}", flat=0.82)
    canvas.shape([(0, 800), (470, 520), (730, 520), (1200, 800)], "#c9b79a")
    canvas.shape([(560, 520), (640, 520), (760, 800), (440, 800)], "#a8947a")
    canvas.glow(600, 430, 190, "#fff3cf")
    for row in range(4):
        top, size = 560 + row * 54, 26 + row * 12
        for side in (-1, 1):
            for seat in range(3):
                x = 600 + side * (110 + row * 38 + seat * (62 + row * 18))
                canvas.box(x - size, top, x + size, top + size * 0.34, "#e0733e")
                canvas.disc(x, top - size * 0.5, size * 0.42, "#2a3844")


def river_map(canvas: Canvas) -> None:
    canvas.sky("#e9e2c9", "#d8dcb4")
    canvas.scatter(900, (0, 0, WIDTH, HEIGHT), lambda x, y: canvas.disc(x, y, 9 + (x * y) % 9, "#8fae6d66"))
    main = [(x, 420 + 130 * math.sin(x / 170) + 40 * math.sin(x / 61)) for x in range(-20, 1221, 8)]
    canvas.stroke(main, "#cfe3e6", 46)
    canvas.stroke(main, "#5b9aa8", 30)
    for start, lean in ((18, -1.0), (48, 0.9), (82, -0.8), (112, 1.1)):
        x, y = main[start]
        branch = [(x + step * 5, y + lean * step * 9 + 18 * math.sin(step / 3)) for step in range(34)]
        canvas.stroke(branch, "#5b9aa8", 9)
    for index in (30, 66, 96, 131):
        x, y = main[index]
        canvas.disc(x, y - 30, 17, "#b5432f")
        canvas.shape([(x - 14, y - 22), (x + 14, y - 22), (x, y + 8)], "#b5432f")
        canvas.disc(x, y - 30, 7, "#fff8ec")
    canvas.box(60, 710, 300, 722, "#4a4a3c")
    canvas.box(60, 710, 140, 722, "#f4f0de")
    canvas.box(220, 710, 300, 722, "#f4f0de")


def rising_lines(canvas: Canvas) -> None:
    canvas.box(0, 0, WIDTH, HEIGHT, "#fbf7ef")
    for y in range(140, 701, 112):
        canvas.stroke([(110, y), (1110, y)], "#d8d0c0", 2)
    for colour, fill, start, gain, bend in (
        ("#c05a2b", "#c05a2b2e", 640, 150, 26),
        ("#1f6f78", "#1f6f7838", 670, 460, 18),
    ):
        line = [(110 + t * 25, start - gain * (t / 40) ** 1.7 + bend * math.sin(t / 2.4)) for t in range(41)]
        canvas.shape([*line, (1110, 700), (110, 700)], fill)
        canvas.stroke(line, colour, 8)
        for x, y in line[::8]:
            canvas.disc(x, y, 11, "#fbf7ef")
            canvas.disc(x, y, 7.5, colour)
    canvas.stroke([(110, 120), (110, 700), (1110, 700)], "#3d3a34", 4)


def inland_sea(canvas: Canvas) -> None:
    canvas.sky("#f6d9c8", "#fbeee0", above=380)
    canvas.disc(300, 230, 62, "#e4572e")
    for base, high, colour in ((350, 30, "#b9c6cf"), (366, 44, "#8fa5b4")):
        canvas.ridge(base, high, colour, waves=4)
    canvas.sky("#7fb0c0", "#2f6276", below=380)
    for x, y, wide, tall in ((230, 470, 190, 92), (860, 440, 150, 84), (1060, 560, 210, 128), (560, 610, 130, 66)):
        arc = [(x + wide * math.cos(a / 20), y - tall * math.sin(a / 20)) for a in range(64)]
        canvas.shape(arc, "#3e5b4a")
        canvas.box(x - wide, y, x + wide, y + 7, "#e7dcc0")
    for y in range(400, 800, 17):
        shift = (y * 37) % 260
        canvas.stroke([(shift + (y * 91) % 700, y), (shift + (y * 91) % 700 + 130, y)], "#ffffff40", 2.5)
    canvas.shape([(640, 500), (740, 500), (722, 522), (660, 522)], "#f6efe2")
    canvas.stroke([(690, 500), (690, 440)], "#5a4636", 4)


def rain_gauges(canvas: Canvas) -> None:
    canvas.sky("#3d5a6c", "#a9c3c9")
    for _ in range(240):
        x, y = canvas.chance.uniform(-60, WIDTH), canvas.chance.uniform(-60, 620)
        canvas.stroke([(x, y), (x + 13, y + 44)], "#ffffff38", 2)
    for month, amount in enumerate((8, 12, 22, 48, 160, 420, 470, 330, 220, 190, 96, 26)):
        left = 96 + month * 86
        canvas.box(left, 170, left + 58, 690, "#ffffff2c")
        canvas.box(left, 690 - amount, left + 58, 690, "#f2c14e" if amount > 300 else "#e8eef0")
    canvas.box(70, 690, 1140, 698, "#22323c")
    canvas.ridge(770, 16, "#1f3a2f", waves=5)


def changing_forest(canvas: Canvas) -> None:
    canvas.sky("#e8efe6", "#bcd0bd")
    canvas.ridge(430, 40, "#a8bfa9", waves=3)
    for depth, count, ground, needle in ((0, 34, 520, "#7c9a80"), (1, 20, 610, "#53775c"), (2, 11, 730, "#2c4f3b")):
        canvas.ridge(ground, 14, needle, waves=4)
        for index in range(count):
            x = index * WIDTH / count + canvas.chance.uniform(-14, 14)
            tall = (120 + depth * 95) * canvas.chance.uniform(0.8, 1.15)
            dead = canvas.chance.random() < 0.28
            canvas.stroke([(x, ground + 12), (x, ground - tall)], "#8b7a68" if dead else "#3a3027", 3 + depth * 2.5)
            for step in range(5 if not dead else 0):
                y, wide = ground - tall + step * tall / 6, 12 + step * (7 + depth * 3)
                canvas.shape([(x, y - tall / 7), (x - wide, y + tall / 8), (x + wide, y + tall / 8)], needle)
    canvas.scatter(60, (0, 720, WIDTH, 800), lambda x, y: canvas.disc(x, y, 12, "#b7cf6a"))


def hill_village(canvas: Canvas) -> None:
    canvas.sky("#8fd3e8", "#e8f7f4", above=520)
    canvas.ridge(400, 110, "#3f8f6b", waves=2)
    canvas.ridge(520, 60, "#2f7657", waves=2)
    canvas.sky("#27a3b4", "#0f6377", below=600)
    canvas.box(0, 592, WIDTH, 604, "#f3e5bd")
    for index, (x, y) in enumerate(((180, 430), (330, 392), (470, 420), (640, 372), (800, 408), (960, 384))):
        roof = ("#d1495b", "#edae49", "#f4f1de")[index % 3]
        canvas.box(x - 34, y, x + 34, y + 44, "#fff8ea")
        canvas.shape([(x - 46, y), (x + 46, y), (x, y - 36)], roof)
        canvas.box(x - 9, y + 14, x + 9, y + 44, "#4a5759")
    for x in (150, 420, 760, 1040):
        canvas.box(x - 30, 572, x + 30, 600, "#b9a68a88")
        canvas.stroke([(x + 70, 600), (x + 62, 520), (x + 74, 450)], "#5b4a34", 7)
        for turn in range(7):
            a = math.pi + turn * math.pi / 6
            canvas.stroke([(x + 74, 450), (x + 74 + 52 * math.cos(a), 462 + 34 * math.sin(a))], "#1e6b4a", 7)


def field_mosaic(canvas: Canvas) -> None:
    colours = ("#c9a227", "#7d9d3c", "#4f7a3a", "#e0c76b", "#a0522d", "#8fb05a", "#d98e3b", "#5c6f2f")
    canvas.box(0, 0, WIDTH, HEIGHT, "#6b5b3e")
    for row in range(7):
        x = -80.0
        while x < WIDTH + 80:
            wide, lean = canvas.chance.uniform(70, 190), 40
            top, bottom = row * 118 - 10, row * 118 + 104
            colour = canvas.chance.choice(colours)
            canvas.shape([(x + lean, top), (x + wide + lean, top), (x + wide, bottom), (x, bottom)], colour)
            for line in range(1, int(wide // 13)):
                canvas.stroke([(x + line * 13 + lean, top + 4), (x + line * 13, bottom - 4)], "#00000024", 3)
            x += wide + 6
    road = [(x, 300 + 150 * math.sin(x / 320)) for x in range(-10, 1211, 10)]
    canvas.stroke(road, "#efe3c4", 20)


def birds_over_valley(canvas: Canvas) -> None:
    canvas.sky("#f0b88a", "#fbe9cf", above=560)
    canvas.disc(260, 300, 46, "#fff4d8")
    canvas.glow(260, 300, 200, "#fff0c4")
    for base, high, colour in ((470, 60, "#d3a587"), (550, 54, "#a97c66"), (640, 40, "#70584e"), (740, 26, "#3f3a38")):
        canvas.ridge(base, high, colour, waves=3)
    for index in range(23):
        side, rank = (-1 if index % 2 else 1), (index + 1) // 2
        x, y = 760 + side * rank * 34 - rank * 8, 150 + rank * 21 * (0.6 if side > 0 else 1)
        canvas.stroke([(x - 20, y - 8), (x - 7, y), (x, y - 3), (x + 7, y), (x + 20, y - 8)], "#3a3438", 4)


def ferry(canvas: Canvas) -> None:
    canvas.sky("#33466b", "#f2b7a0", above=500)
    canvas.glow(930, 430, 260, "#ffd6b0")
    for left, tall, wide in ((40, 60, 90), (150, 90, 70), (240, 70, 120), (700, 64, 100), (1010, 80, 130)):
        canvas.box(left, 470 - tall, left + wide, 500, "#4f4a6b")
    for x in (420, 640):
        canvas.box(x - 4, 250, x + 4, 500, "#3d3a58")
        canvas.shape([(x - 9, 250), (x + 9, 250), (x, 200)], "#3d3a58")
    canvas.disc(530, 420, 74, "#3d3a58")
    canvas.box(440, 416, 620, 500, "#3d3a58")
    canvas.sky("#7d7f9e", "#22324f", below=496)
    canvas.shape([(300, 590), (880, 590), (830, 650), (350, 650)], "#f7f3ea")
    canvas.box(370, 545, 810, 590, "#f7f3ea")
    canvas.box(470, 510, 700, 545, "#f7f3ea")
    canvas.shape([(560, 510), (610, 510), (602, 455), (566, 455)], "#e9b44c")
    for x in range(395, 800, 34):
        canvas.box(x, 556, x + 20, 576, "#3f5573")
    for y in range(670, 800, 18):
        canvas.stroke([((y * 53) % 800, y), ((y * 53) % 800 + 220, y)], "#ffffff30", 3)


def felucca(canvas: Canvas) -> None:
    canvas.sky("#fbe3b0", "#f8c98b", above=440)
    canvas.disc(880, 220, 70, "#fff3cf")
    canvas.ridge(420, 30, "#d49a5a", waves=2)
    canvas.box(0, 430, WIDTH, 446, "#4f7942")
    canvas.sky("#4aa0a6", "#1d5d70", below=446)
    for x, y, size in ((360, 610, 1.0), (820, 540, 0.62), (1060, 500, 0.4)):
        hull = [
            (x - 150 * size, y),
            (x + 150 * size, y),
            (x + 100 * size, y + 40 * size),
            (x - 100 * size, y + 40 * size),
        ]
        canvas.shape(hull, "#6b3e26")
        canvas.shape([(x - 60 * size, y - 8), (x + 40 * size, y - 330 * size), (x + 130 * size, y - 8)], "#fffaf0")
        canvas.stroke([(x - 70 * size, y), (x + 42 * size, y - 334 * size)], "#6b3e26", 6 * size)
    for y in range(470, 800, 22):
        canvas.stroke([((y * 71) % 900, y), ((y * 71) % 900 + 170, y)], "#ffffff33", 3)


def harbour_night(canvas: Canvas) -> None:
    canvas.sky("#0d1b2a", "#33506b", above=600)
    canvas.scatter(90, (0, 0, WIDTH, 330), lambda x, y: canvas.disc(x, y, 1.6, "#ffffffb0"))
    canvas.sky("#16324a", "#0a1622", below=600)
    colours = ("#c8553d", "#f28f3b", "#588b8b", "#ffd5c2", "#2d6a8e")
    for column in range(13):
        for level in range(1 + (column * 7) % 5):
            left, top = 40 + column * 88, 566 - level * 36
            canvas.box(left, top, left + 82, top + 32, colours[(column * 3 + level) % 5])
    for x in (260, 640, 1000):
        canvas.stroke([(x, 600), (x + 36, 250), (x + 72, 600)], "#e5e9ee", 9)
        canvas.stroke([(x - 170, 262), (x + 230, 262)], "#e5e9ee", 10)
        canvas.stroke([(x - 120, 262), (x + 36, 170), (x + 190, 262)], "#e5e9ee", 4)
        canvas.glow(x + 36, 250, 70, "#ffe08a")
        canvas.box(x + 26, 620, x + 46, 780, "#ffe08a44")


def lake_ice(canvas: Canvas) -> None:
    canvas.sky("#bcd7ea", "#f4f9fb", above=330)
    canvas.ridge(300, 50, "#8aa6bd", waves=4, rough=3)
    canvas.sky("#cfeaf2", "#4b9fc0", below=330)
    for _ in range(26):
        x, y, turn = canvas.chance.uniform(0, WIDTH), canvas.chance.uniform(340, 800), canvas.chance.uniform(-0.5, 0.5)
        crack = [(x, y)]
        for _ in range(canvas.chance.randint(5, 13)):
            turn += canvas.chance.uniform(-0.5, 0.5)
            x, y = x + 46 * math.cos(turn), max(336, y + 30 * math.sin(turn))
            crack.append((x, y))
        canvas.stroke(crack, "#ffffff", 1.5 + y / 260)
    canvas.box(690, 520, 696, 640, "#c0392b")
    canvas.shape([(696, 520), (760, 540), (696, 560)], "#c0392b")
    canvas.disc(693, 644, 40, "#e9f5f8", flat=0.3)


def polar_night(canvas: Canvas) -> None:
    canvas.sky("#061020", "#173a4f", above=620)
    canvas.scatter(160, (0, 0, WIDTH, 520), lambda x, y: canvas.disc(x, y, 1.2 + (x % 3) / 2, "#ffffffc0"))
    for band, colour in ((0, "#3cf0a0"), (1, "#38c6c0"), (2, "#7a6cf0")):
        for x in range(0, WIDTH, 5):
            foot = 380 - band * 62 + 70 * math.sin(x / 190 + band) + 22 * math.sin(x / 47 + band * 2)
            canvas.stroke([(x, foot), (x + 14, foot - 190)], colour + "16", 9)
            canvas.stroke([(x, foot), (x + 8, foot - 70)], colour + "22", 7)
    canvas.ridge(640, 16, "#dfeaf2", waves=2)
    canvas.ridge(720, 12, "#b9cfde", waves=3)
    canvas.box(480, 560, 800, 640, "#c0392b")
    for x in range(500, 790, 48):
        canvas.box(x, 582, x + 26, 606, "#ffe9a8")
    for x in (510, 640, 770):
        canvas.box(x - 5, 640, x + 5, 676, "#55606a")


def canopy_grid(canvas: Canvas) -> None:
    canvas.box(0, 0, WIDTH, HEIGHT, "#ece7dc")
    shades = ("#ece0c8", "#cfd8a8", "#9dbf7c", "#5f9a5b", "#2d6e46", "#124d33")
    for row in range(16):
        for column in range(24):
            near = math.hypot(column - 16, (row - 5) * 1.2), math.hypot(column - 5, row - 12)
            green = max(0.0, 5.2 - min(near) * 0.62 + canvas.chance.uniform(-0.9, 0.9))
            colour = shades[min(5, int(green))]
            canvas.box(column * 50 + 2, row * 50 + 2, column * 50 + 47, row * 50 + 47, colour)
    water = [(x, 640 + 60 * math.sin(x / 210)) for x in range(-10, 1211, 10)]
    canvas.stroke(water, "#5aa0c4", 44)
    for x, y in ((330, 240), (810, 240), (560, 480)):
        canvas.disc(x, y, 26, "#ffffff90")
        canvas.disc(x, y, 12, "#d1495b")


def observatory(canvas: Canvas) -> None:
    canvas.sky("#070b1c", "#503a5e", above=700)
    canvas.scatter(420, (0, 0, WIDTH, 560), lambda x, y: canvas.disc(x, y, 0.8 + (x * 7 % 5) / 4, "#fffbe8cc"))
    for x in range(-100, 1300, 7):
        y = 470 - x * 0.36 + canvas.chance.gauss(0, 34)
        canvas.disc(x, y, canvas.chance.uniform(10, 42), "#d8c8f012")
    canvas.ridge(620, 40, "#3a2a35", waves=2, rough=2)
    canvas.ridge(700, 26, "#241a24", waves=3)
    for x, size in ((300, 1.0), (560, 0.72), (980, 0.9)):
        canvas.box(x - 70 * size, 600, x + 70 * size, 660, "#d9d4cf")
        canvas.disc(x, 600, 72 * size, "#f2eeea")
        canvas.box(x - 74 * size, 600, x + 74 * size, 612, "#8d8794")
        canvas.shape([(x + 4, 600), (x + 26 * size, 532), (x + 44 * size, 540), (x + 30 * size, 600)], "#241a24")


def smoke_hills(canvas: Canvas) -> None:
    canvas.sky("#7b3b1e", "#f0a24a", above=560)
    canvas.disc(700, 210, 60, "#ffce7a")
    for _ in range(70):
        x, y = canvas.chance.uniform(-50, WIDTH), canvas.chance.uniform(60, 430)
        canvas.disc(x, y, canvas.chance.uniform(60, 190), "#5a3a2a16", flat=0.45)
    for base, high, colour in ((470, 60, "#a6582c"), (550, 60, "#74391f"), (650, 44, "#432216"), (750, 20, "#22130f")):
        canvas.ridge(base, high, colour, waves=3, rough=2)
    canvas.box(520, 640, 700, 724, "#8f2f24")
    canvas.shape([(500, 640), (720, 640), (690, 592), (530, 592)], "#c9c2b8")
    canvas.box(566, 664, 654, 724, "#e8dcc4")


def hill_runners(canvas: Canvas) -> None:
    canvas.sky("#a5d6e8", "#fdf3d4", above=520)
    canvas.ridge(430, 70, "#a9c27f", waves=2)
    canvas.ridge(530, 40, "#7ea357", waves=2)
    canvas.shape([(0, 800), (0, 640), (1200, 500), (1200, 800)], "#c98b4a")
    canvas.shape([(0, 800), (0, 720), (1200, 580), (1200, 800)], "#b57438")
    for index, colour in enumerate(("#d62828", "#003f88", "#f4b400", "#2a9d5c", "#f77f00")):
        x = 240 + index * 170
        ground, step = 690 - (x - 80) * 0.115, (-1) ** index * 12
        canvas.stroke([(x, ground - 92), (x + 8, ground - 50)], colour, 24)
        legs = [(x + 30 + step, ground), (x + 22, ground - 24), (x + 8, ground - 50)]
        canvas.stroke([*legs, (x - 12, ground - 28), (x - 34 + step, ground - 16)], "#3b2417", 9)
        canvas.stroke([(x - 24, ground - 66), (x, ground - 86), (x + 26, ground - 72)], "#3b2417", 8)
        canvas.disc(x + 4, ground - 116, 14, "#3b2417")


def grid_of_cables(canvas: Canvas) -> None:
    canvas.sky("#14213d", "#1f3b63")
    even = [(110 + 196 * (n % 6), 140 + 175 * (n // 6)) for n in range(24)]
    knots = [(x + canvas.chance.uniform(-50, 50), y + canvas.chance.uniform(-48, 48)) for x, y in even]
    for here, (x, y) in enumerate(knots):
        for there in (here + 1, here + 6, here + 7):
            if there < len(knots) and canvas.chance.random() < 0.62 and abs(knots[there][0] - x) < 330:
                new = canvas.chance.random() < 0.25
                canvas.stroke([(x, y), knots[there]], "#fca311" if new else "#8ecae680", 7 if new else 3)
    for index, (x, y) in enumerate(knots):
        canvas.glow(x, y, 44, "#ffd98a" if index % 5 == 0 else "#8ecae6")
        canvas.disc(x, y, 11 if index % 5 == 0 else 7, "#ffffff")


def three_towers(canvas: Canvas) -> None:
    canvas.sky("#d7e3ea", "#f7efe2", above=640)
    canvas.ridge(470, 120, "#b4c3b0", waves=2)
    canvas.ridge(600, 46, "#8ca18a", waves=3)
    canvas.box(0, 650, WIDTH, 800, "#7a6a5b")
    for index in range(15):
        left, tall = index * 84 - 20, 70 + (index * 53) % 60
        canvas.box(left, 690 - tall, left + 78, 700, ("#efe0c9", "#e2c9a6", "#d9b48f")[index % 3])
        canvas.shape([(left - 5, 690 - tall), (left + 83, 690 - tall), (left + 39, 650 - tall)], "#b5533c")
    canvas.box(300, 300, 372, 690, "#f3ead9")
    canvas.shape([(292, 300), (380, 300), (336, 190)], "#6d8b9c")
    canvas.box(612, 270, 644, 690, "#f8f4ea")
    canvas.box(602, 330, 654, 346, "#cbbfa8")
    canvas.shape([(610, 270), (646, 270), (628, 180)], "#5d7a6b")
    canvas.box(868, 340, 948, 690, "#d8c3a0")
    canvas.shape([(856, 340), (960, 340), (908, 260)], "#7a4a35")
    for x, y, size in ((336, 350, 26), (908, 392, 30)):
        canvas.disc(x, y, size, "#ffffff")
        canvas.stroke([(x, y - size * 0.7), (x, y), (x + size * 0.5, y + size * 0.2)], "#33302c", 4)


SCENES: Mapping[str, Callable[[Canvas], None]] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        *(plain_at_dusk, solar_field, station_classroom, river_map, rising_lines, inland_sea, rain_gauges),
        *(changing_forest, hill_village, field_mosaic, birds_over_valley, ferry, felucca, harbour_night, lake_ice),
        *(polar_night, canopy_grid, observatory, smoke_hills, hill_runners, grid_of_cables, three_towers),
    )
}


def draw(name: str) -> bytes:
    """The scene as a JPEG of 1200 × 800 pixels. Raises KeyError for a name that is not in SCENES."""
    scene = SCENES[name]
    canvas = Canvas(seed=sum(name.encode()))
    scene(canvas)
    return canvas.jpeg()
