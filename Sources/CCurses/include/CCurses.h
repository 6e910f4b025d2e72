// A typed face of ncursesw for Swift: no curses type, no macro, no variadic function passes through this header.
//
// Only one thread may call these functions, since ncurses is not thread-safe. What a key or a colour means is decided
// in Swift; this file only carries values over.

#ifndef CCURSES_H
#define CCURSES_H

#include <stdbool.h>
#include <stdint.h>

#define CTERM_CLOSED __attribute__((enum_extensibility(closed)))

/// How an attempt to take the terminal ended.
typedef enum CTERM_CLOSED cterm_status {
    cterm_status_opened,
    /// The terminal is already taken by this process.
    cterm_status_busy,
    /// Standard input or output is not a terminal.
    cterm_status_no_terminal,
    /// `TERM` is not set or names a terminal that terminfo does not know.
    cterm_status_unknown_terminal,
    /// The terminal cannot place its cursor or clear its screen.
    cterm_status_poor_terminal,
    /// A system call or curses itself failed.
    cterm_status_failed,
} cterm_status;

/// The extent of the screen in cells.
typedef struct cterm_size {
    int32_t rows;
    int32_t columns;
} cterm_size;

/// How many colours and pairs of them there are; both are 0 without colour.
typedef struct cterm_colours {
    int32_t colours;
    /// Pairs are numbered from 1 below this.
    int32_t pairs;
} cterm_colours;

/// What a piece of input is.
typedef enum CTERM_CLOSED cterm_input_kind {
    /// Nothing is waiting.
    cterm_input_kind_none,
    /// A Unicode scalar; control characters included.
    cterm_input_kind_scalar,
    /// One of ``cterm_key``.
    cterm_input_kind_key,
    /// A function key, counted from 1.
    cterm_input_kind_function,
    /// A key that has no meaning here.
    cterm_input_kind_unknown,
    /// A byte that is no ASCII, in a locale that is not UTF-8: what it stands for is not known.
    cterm_input_kind_foreign,
} cterm_input_kind;

/// The keys that terminfo names and that are told on.
typedef enum CTERM_CLOSED cterm_key {
    cterm_key_up,
    cterm_key_down,
    cterm_key_left,
    cterm_key_right,
    cterm_key_home,
    cterm_key_end,
    cterm_key_page_up,
    cterm_key_page_down,
    cterm_key_backspace,
    cterm_key_delete,
    cterm_key_back_tab,
    cterm_key_enter,
} cterm_key;

/// One piece of input.
typedef struct cterm_input {
    cterm_input_kind kind;
    /// The scalar, the key or the number of the function key.
    uint32_t value;
} cterm_input;

/// A signal that was caught, as far as it concerns the screen.
typedef enum CTERM_CLOSED cterm_signal {
    cterm_signal_none,
    /// SIGWINCH.
    cterm_signal_resized,
    /// SIGCONT.
    cterm_signal_continued,
    /// SIGTSTP from elsewhere; Ctrl-Z arrives as a key.
    cterm_signal_stop,
    /// SIGINT, SIGTERM or SIGHUP.
    cterm_signal_terminate,
} cterm_signal;

/// Attributes for ``cterm_put``, to be combined by "or".
extern const uint32_t cterm_bold;
extern const uint32_t cterm_dim;
extern const uint32_t cterm_reversed;
extern const uint32_t cterm_underlined;

/// Takes the terminal: newterm(3X), raw(3X), noecho, nonl, keypad, nodelay, 25 ms for ESC, no cursor.
///
/// Takes the character set from the environment (LC_CTYPE only), catches the signals of ``cterm_signal`` before ncurses
/// can, and the fatal ones to give the terminal back before the process dies. Without `colour` no colour is used.
cterm_status cterm_open(bool colour);

/// Gives the terminal back: endwin(3X), the signals as they were before. Does nothing when it is not taken.
void cterm_close(void);

/// Whether the locale's character set is UTF-8, see nl_langinfo(3); to be asked after opening.
bool cterm_is_utf8(void);

/// The colours that may be used: COLORS and COLOR_PAIRS.
cterm_colours cterm_get_colours(void);

/// Gives a pair its colours, -1 being the terminal's own: init_pair(3X). Tells whether that worked.
bool cterm_define_pair(int32_t pair, int32_t foreground, int32_t background);

/// The extent of the screen: getmaxyx(3X).
cterm_size cterm_get_size(void);

/// Asks the terminal for its extent (TIOCGWINSZ), gives it to resizeterm(3X), and returns it.
cterm_size cterm_resize(void);

/// Draws scalars on one row from (x, y) on: mvaddnwstr(3X). Nothing is seen before ``cterm_refresh``.
void cterm_put(int32_t x, int32_t y, const uint32_t *scalars, int32_t count, uint32_t attributes, int32_t pair);

/// Shows the cursor at (x, y) after the next refresh, or hides it: curs_set(3X), move(3X).
void cterm_set_cursor(bool visible, int32_t x, int32_t y);

/// Brings the terminal up to date: refresh(3X).
void cterm_refresh(void);

/// Forgets all that was drawn; the next refresh clears the terminal first: erase(3X), clearok(3X).
void cterm_forget(void);

/// Takes one piece of input without waiting: get_wch(3X). Only ESC waits, 25 ms, for what may belong to it.
cterm_input cterm_read(void);

/// Whether no input can come any more because the terminal is gone; to be asked when nothing is waiting.
bool cterm_input_ended(void);

/// A descriptor that becomes readable when a signal was caught; -1 before the terminal was taken first.
int32_t cterm_signal_descriptor(void);

/// Takes one caught signal without waiting.
cterm_signal cterm_next_signal(void);

/// Gives the terminal back for a while and stops the process, with its whole process group where `whole_group` is set.
///
/// Returns when the process is continued, or at once where nobody could continue it. Call ``cterm_resume`` then.
void cterm_suspend(bool whole_group);

/// Takes the terminal again after the process was stopped: endwin(3X), refresh(3X) with everything forgotten.
///
/// A process that was continued in the background stops again until it is in the foreground.
void cterm_resume(void);

#endif
