"""Plays the lab in tmux and draws what it shows: screenshots.py PROGRAM FOLDER [NAME...]"""

import os
import subprocess
import sys
import tempfile
import time

import pyte
from PIL import Image, ImageDraw, ImageFont
from wcwidth import wcwidth

# Keys as tmux names them; a string that starts with "type:" is typed, a tuple is text to wait for.
LOG_IN = ["l", "Enter", "Enter", ("✓ online",)]
PICTURES = {
    # Three devices: one online, one waiting for its next attempt, one kicked.
    "lab": (120, 40, [
        "+", ("3 C",), "3", *LOG_IN, "1", *LOG_IN, ("✗ stopped",),
        "2", "l", "Down", "Enter", "Enter", ("✓ online", "of noor"),
        "n", "8", ("[4]",), ("attempt in 2 s  █",),
    ]),
    "small": (80, 24, LOG_IN),
    # Why a login failed: the chain from the key press to the refusal, and the rule behind it.
    "why": (120, 40, [
        *LOG_IN, "u", "r", ("token refreshed",), "x", ("token-2#",),
        "/", "type:login → 302", "Enter", ("q quit", "login → 302"), "Up", "Up", "Enter", ("Why: from the first cause",),
    ]),
    # Devices of three providers, and what the second one's SDK says of a kick.
    "providers": (120, 40, [
        *LOG_IN, "2", ("Device B",), "s", ("product form",), "g", ("V2TIM",), "4", ("2 B Tencent",), "Escape", ("q quit",), *LOG_IN, ("Device B, V2TIM",),
        "+", ("Device C",), "s", ("product form",), "g", ("V5 iOS",), "8", ("3 C Easemob",), "Escape", ("q quit",), *LOG_IN, ("isLoggedIn true",),
        "2", "u", "x", "Enter", ("onKickedOffline()",),
    ]),
    "help": (80, 24, ["?", ("log in manually",)]),
}

BACKGROUND, FOREGROUND = "#14171f", "#c9d1d9"
COLOURS = {
    "black": "#14171f", "red": "#ff7b72", "green": "#56d364", "brown": "#e3b341", "yellow": "#e3b341",
    "blue": "#6cb6ff", "magenta": "#d2a8ff", "cyan": "#56d4dd", "white": "#c9d1d9",
    "brightblack": "#768390", "brightred": "#ffa198", "brightgreen": "#7ee787", "brightbrown": "#f2cc60",
    "brightyellow": "#f2cc60", "brightblue": "#90c8ff", "brightmagenta": "#e2c5ff", "brightcyan": "#76e3ea",
    "brightwhite": "#ffffff",
}
FONTS = "/usr/share/fonts/truetype/"
SIZE, MARGIN = 22, 22


class Lab:
    """A tmux server with one pane, and the lab in it."""

    def __init__(self, program, columns, rows):
        self.folder = tempfile.TemporaryDirectory(prefix="latchkey-")
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder.name, "TMUX_TMPDIR": self.folder.name,
            "LC_ALL": "C.UTF-8", "XDG_STATE_HOME": self.folder.name,
        }
        # pyte knows none of xterm's repetitions and alternate screens, but all that this terminal type has.
        self.tmux(
            "new-session", "-d", "-x", str(columns), "-y", str(rows), "env", "TERM=screen-256color", program,
            "--fresh", "--seed", "7")
        self.wait("● backend ready", "lantern-42", "q quit")

    def tmux(self, *arguments):
        return subprocess.run(
            ["tmux", "-L", "pictures", "-f", "/dev/null", *arguments], env=self.environment, check=True,
            capture_output=True, text=True).stdout

    def wait(self, *texts):
        end = time.monotonic() + 60
        while True:
            screen = self.tmux("capture-pane", "-p")
            if all(text in screen for text in texts):
                return
            if time.monotonic() > end:
                raise SystemExit(f"{texts} did not appear; the screen is:\n{screen}")
            time.sleep(0.05)

    def play(self, steps):
        for step in steps:
            if isinstance(step, tuple):
                self.wait(*step)
            elif step.startswith("type:"):
                self.tmux("send-keys", "-l", "--", step[5:])
            elif len(step) == 1:
                self.tmux("send-keys", "-l", "--", step)
            else:
                self.tmux("send-keys", step)

    def settled(self):
        """The screen with its styles, once two looks at it agree."""
        last = None
        while True:
            screen = self.tmux("capture-pane", "-p", "-e", "-N")
            if screen == last:
                return screen
            last = screen
            time.sleep(0.1)

    def close(self):
        self.tmux("kill-server")
        self.folder.cleanup()


def dim_runs(text):
    """pyte drops the attribute "dim"; this says for each line which columns have it."""
    lines = []
    for line in text.split("\n"):
        dim, columns, index = False, [], 0
        while index < len(line):
            if line[index] == "\x1b" and line[index + 1 : index + 2] == "[":
                end = index + 2
                while not line[end].isalpha():
                    end += 1
                if line[end] == "m":
                    for code in line[index + 2 : end].split(";"):
                        dim = code == "2" or (dim and code not in ("", "0", "22"))
                index = end + 1
                continue
            columns += [dim] * max(0, wcwidth(line[index]))
            index += 1
        lines.append(columns)
    return lines


def blend(colour, other, share):
    pairs = zip(*(tuple(int(text[i : i + 2], 16) for i in (1, 3, 5)) for text in (colour, other)))
    return "#%02x%02x%02x" % tuple(round(a * (1 - share) + b * share) for a, b in pairs)


def colour(name, default):
    if name == "default":
        return default
    return COLOURS.get(name) or "#" + name


def draw(text, columns, rows, path):
    screen = pyte.Screen(columns, rows)
    # Without wrapping, a full row does not push the next one down.
    screen.reset_mode(pyte.modes.DECAWM)
    pyte.Stream(screen).feed("\r\n".join(text.removesuffix("\n").split("\n")[:rows]))
    dims = dim_runs(text)
    plain = ImageFont.truetype(FONTS + "dejavu/DejaVuSansMono.ttf", SIZE)
    bold = ImageFont.truetype(FONTS + "dejavu/DejaVuSansMono-Bold.ttf", SIZE)
    wide = ImageFont.truetype(FONTS + "droid/DroidSansFallbackFull.ttf", SIZE)
    width = round(plain.getlength("M"))
    ascent, descent = plain.getmetrics()
    height = ascent + descent
    image = Image.new("RGB", (columns * width + 2 * MARGIN, rows * height + 2 * MARGIN), BACKGROUND)
    canvas = ImageDraw.Draw(image)
    for y in range(rows):
        for x in range(columns):
            cell = screen.buffer[y][x]
            front, back = colour(cell.fg, FOREGROUND), colour(cell.bg, BACKGROUND)
            if cell.reverse:
                front, back = back, front
            if y < len(dims) and x < len(dims[y]) and dims[y][x]:
                front = blend(front, back, 0.4)
            left, top = MARGIN + x * width, MARGIN + y * height
            cells = 2 if cell.data and wcwidth(cell.data[0]) == 2 else 1
            if back != BACKGROUND and cell.data:
                canvas.rectangle([left, top, left + cells * width - 1, top + height - 1], fill=back)
            if not cell.data.strip():
                continue
            if line_drawing(canvas, cell.data, left, top, width, height, front):
                continue
            font = wide if cells == 2 else bold if cell.bold else plain
            # One cell at a time, so that no glyph's own width can move the next one.
            offset = (cells * width - font.getlength(cell.data)) / 2
            canvas.text((left + offset, top + ascent), cell.data, font=font, fill=front, anchor="ls")
            if cell.underscore:
                canvas.line([left, top + ascent + 3, left + cells * width, top + ascent + 3], fill=front)
    image.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


def line_drawing(canvas, text, left, top, width, height, fill):
    """Draws a line character from edge to edge, so that lines have no gaps; false for any other character."""
    arms = {
        "─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "udr", "┤": "udl", "┬": "lrd",
        "┴": "lru", "┼": "lrud",
    }.get(text)
    if arms is None:
        return False
    x, y = left + width // 2, top + height // 2
    # Rectangles, since thick lines come out shifted by a pixel in one direction.
    boxes = {
        "l": (left, y, x + 1, y + 1), "r": (x, y, left + width - 1, y + 1),
        "u": (x, top, x + 1, y + 1), "d": (x, y, x + 1, top + height - 1),
    }
    for arm in arms:
        canvas.rectangle(boxes[arm], fill=fill)
    return True


def main():
    program, folder, *names = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for name in names or PICTURES:
        columns, rows, steps = PICTURES[name]
        lab = Lab(program, columns, rows)
        try:
            lab.play(steps)
            text = lab.settled()
        finally:
            lab.close()
        path = os.path.join(folder, name + ".png")
        draw(text, columns, rows, path)
        print(path)


main()
