#include "CCurses.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#if !NCURSES_WIDECHAR
#error "ncurses without wide characters; compile with _XOPEN_SOURCE_EXTENDED"
#endif

_Static_assert(sizeof(wchar_t) == sizeof(uint32_t), "scalars are handed to curses as wide characters");

const uint32_t cterm_bold = 1;
const uint32_t cterm_dim = 2;
const uint32_t cterm_reversed = 4;
const uint32_t cterm_underlined = 8;

// The state below is here and not in Swift because signal handlers need it: they may run at any instant, so they can
// only use what was laid out in advance and functions that are safe there.

enum { told_count = 6, fatal_count = 7, restore_room = 256 };

static const int told_signals[told_count] = {SIGWINCH, SIGCONT, SIGTSTP, SIGINT, SIGTERM, SIGHUP};
static const int fatal_signals[fatal_count] = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGQUIT};

static struct sigaction told_before[told_count];
static struct sigaction fatal_before[fatal_count];
static struct termios modes_before;
static char restore_text[restore_room];
static size_t restore_length;
static int signal_pipe[2] = {-1, -1};
static pid_t owner;
static SCREEN *screen;
/// Whether the terminal shows our picture, so that somebody has to put it right before the process ends.
static volatile sig_atomic_t is_showing;

// MARK: Signals

static void tell(int number) {
    const int error = errno;
    const unsigned char byte = (unsigned char)number;
    // A full pipe holds plenty of news already; losing one more is fine.
    const ssize_t written = write(signal_pipe[1], &byte, 1);
    (void)written;
    errno = error;
}

/// Puts the terminal right without curses; safe in a signal handler.
static void restore_terminal(void) {
    if (!is_showing || getpid() != owner) {
        return;
    }
    is_showing = 0;
    size_t done = 0;
    while (done < restore_length) {
        const ssize_t written = write(STDOUT_FILENO, restore_text + done, restore_length - done);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            break;
        }
        done += (size_t)written;
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &modes_before);
}

static void die(int number) {
    restore_terminal();
    // Whoever handled the signal before us (by default nobody, or Swift's backtracer) gets it again: it is blocked while
    // we are here, so it arrives at the very instruction that failed, on a terminal that can be read.
    for (int index = 0; index < fatal_count; index++) {
        if (fatal_signals[index] == number) {
            sigaction(number, &fatal_before[index], NULL);
        }
    }
    raise(number);
}

static void catch_signals(void) {
    // A stack of its own, so that an overflow of the main thread's stack can be handled.
    static char stack[64 * 1024];
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    stack_t present;
    if (sigaltstack(NULL, &present) == 0 && (present.ss_flags & SS_DISABLE)) {
        sigaltstack(&alternative, NULL);
    }
    struct sigaction action = {.sa_handler = tell, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    for (int index = 0; index < told_count; index++) {
        sigaction(told_signals[index], &action, &told_before[index]);
    }
    action.sa_handler = die;
    action.sa_flags = SA_ONSTACK;
    for (int index = 0; index < fatal_count; index++) {
        sigaction(fatal_signals[index], &action, &fatal_before[index]);
    }
}

static void release_signals(void) {
    for (int index = 0; index < told_count; index++) {
        sigaction(told_signals[index], &told_before[index], NULL);
    }
    for (int index = 0; index < fatal_count; index++) {
        sigaction(fatal_signals[index], &fatal_before[index], NULL);
    }
}

/// Lays out the pipe that brings caught signals to the main thread, once for the life of the process: whoever watches it
/// may still do so for a moment after the terminal was given back.
static bool prepare_pipe(void) {
    if (signal_pipe[0] < 0) {
        return pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) == 0;
    }
    unsigned char stale;
    while (read(signal_pipe[0], &stale, 1) == 1) {
    }
    return true;
}

int32_t cterm_signal_descriptor(void) {
    return signal_pipe[0];
}

cterm_signal cterm_next_signal(void) {
    unsigned char number;
    if (signal_pipe[0] < 0 || read(signal_pipe[0], &number, 1) != 1) {
        return cterm_signal_none;
    }
    switch (number) {
    case SIGWINCH: return cterm_signal_resized;
    case SIGCONT: return cterm_signal_continued;
    case SIGTSTP: return cterm_signal_stop;
    default: return cterm_signal_terminate;
    }
}

// MARK: Opening and closing

/// Notes what a capability writes, without its padding, which no terminal of today needs.
static void remember(const char *name) {
    const char *text = tigetstr((char *)name);
    if (text == NULL || text == (char *)-1) {
        return;
    }
    while (*text != '\0' && restore_length < restore_room) {
        if (text[0] == '$' && text[1] == '<') {
            const char *end = strchr(text, '>');
            if (end != NULL) {
                text = end + 1;
                continue;
            }
        }
        restore_text[restore_length++] = *text++;
    }
}

static bool has_capability(const char *name) {
    const char *text = tigetstr((char *)name);
    return text != NULL && text != (char *)-1;
}

static cterm_status check_terminal(void) {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        return cterm_status_no_terminal;
    }
    int error = 0;
    // Asked first because newterm does not say what is missing, and draws nonsense on a terminal that can do nothing.
    if (setupterm(NULL, STDOUT_FILENO, &error) != OK) {
        return error == 1 ? cterm_status_poor_terminal : cterm_status_unknown_terminal;
    }
    const bool is_able = has_capability("cup") && has_capability("clear");
    restore_length = 0;
    remember("sgr0");
    remember("rmkx");
    remember("cnorm");
    remember("rmcup");
    del_curterm(cur_term);
    return is_able ? cterm_status_opened : cterm_status_poor_terminal;
}

cterm_status cterm_open(bool colour) {
    if (screen != NULL) {
        return cterm_status_busy;
    }
    // Only the character set: the rest of the C library keeps writing numbers and dates as programs expect them.
    setlocale(LC_CTYPE, "");
    const cterm_status status = check_terminal();
    if (status != cterm_status_opened) {
        return status;
    }
    if (tcgetattr(STDIN_FILENO, &modes_before) != 0 || !prepare_pipe()) {
        return cterm_status_failed;
    }
    owner = getpid();
    catch_signals();
    screen = newterm(NULL, stdout, stdin);
    if (screen == NULL) {
        release_signals();
        return cterm_status_failed;
    }
    is_showing = 1;
    static bool is_registered;
    if (!is_registered) {
        // For whoever leaves by exit(3) without closing.
        is_registered = atexit(restore_terminal) == 0;
    }
    set_escdelay(25);
    raw();
    noecho();
    nonl();
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    curs_set(0);
    if (colour && has_colors()) {
        start_color();
        use_default_colors();
    }
    cterm_resize();
    cterm_forget();
    return cterm_status_opened;
}

void cterm_close(void) {
    if (screen == NULL) {
        return;
    }
    endwin();
    is_showing = 0;
    delscreen(screen);
    screen = NULL;
    release_signals();
}

bool cterm_is_utf8(void) {
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

// MARK: Drawing

cterm_colours cterm_get_colours(void) {
    // COLOR_PAIRS is 0 as long as start_color was not called.
    if (screen == NULL || COLOR_PAIRS <= 0) {
        return (cterm_colours){0, 0};
    }
    return (cterm_colours){COLORS, COLOR_PAIRS};
}

bool cterm_define_pair(int32_t pair, int32_t foreground, int32_t background) {
    return screen != NULL && init_pair((short)pair, (short)foreground, (short)background) == OK;
}

cterm_size cterm_get_size(void) {
    return screen == NULL ? (cterm_size){0, 0} : (cterm_size){getmaxy(stdscr), getmaxx(stdscr)};
}

cterm_size cterm_resize(void) {
    struct winsize size;
    if (screen != NULL && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        resizeterm(size.ws_row, size.ws_col);
    }
    return cterm_get_size();
}

void cterm_put(int32_t x, int32_t y, const uint32_t *scalars, int32_t count, uint32_t attributes, int32_t pair) {
    if (screen == NULL) {
        return;
    }
    attr_t look = A_NORMAL;
    look |= attributes & cterm_bold ? A_BOLD : 0;
    look |= attributes & cterm_dim ? A_DIM : 0;
    look |= attributes & cterm_reversed ? A_REVERSE : 0;
    look |= attributes & cterm_underlined ? A_UNDERLINE : 0;
    attr_set(look, (short)pair, NULL);
    // The last cell of the screen is drawn, too; curses only complains that the cursor has nowhere to go.
    mvaddnwstr(y, x, (const wchar_t *)scalars, count);
}

void cterm_set_cursor(bool visible, int32_t x, int32_t y) {
    if (screen == NULL) {
        return;
    }
    curs_set(visible ? 1 : 0);
    // A hidden cursor stays where the drawing left it, so that no byte is spent on moving it.
    leaveok(stdscr, !visible);
    if (visible) {
        move(y, x);
    }
}

void cterm_refresh(void) {
    if (screen != NULL) {
        refresh();
    }
}

void cterm_forget(void) {
    if (screen != NULL) {
        attr_set(A_NORMAL, 0, NULL);
        erase();
        clearok(curscr, TRUE);
    }
}

// MARK: Input

static cterm_input key(cterm_key value) {
    return (cterm_input){cterm_input_kind_key, value};
}

cterm_input cterm_read(void) {
    wint_t value = 0;
    int result = ERR;
    if (screen != NULL && cterm_is_utf8()) {
        result = get_wch(&value);
    } else if (screen != NULL) {
        // get_wch keeps bytes that are no character of the locale to itself; here they are told on.
        const int byte = getch();
        value = byte == ERR ? 0 : (wint_t)byte;
        result = byte == ERR ? ERR : byte >= KEY_MIN ? KEY_CODE_YES : OK;
        if (result == OK && value >= 0x80) {
            return (cterm_input){cterm_input_kind_foreign, value};
        }
    }
    if (result == OK) {
        return (cterm_input){cterm_input_kind_scalar, value};
    }
    if (result != KEY_CODE_YES) {
        return (cterm_input){cterm_input_kind_none, 0};
    }
    switch (value) {
    case KEY_UP: return key(cterm_key_up);
    case KEY_DOWN: return key(cterm_key_down);
    case KEY_LEFT: return key(cterm_key_left);
    case KEY_RIGHT: return key(cterm_key_right);
    // Some terminals call the two keys by their names on a VT220, or number the keypad.
    case KEY_HOME: case KEY_FIND: case KEY_A1: return key(cterm_key_home);
    case KEY_END: case KEY_SELECT: case KEY_C1: return key(cterm_key_end);
    case KEY_PPAGE: case KEY_A3: return key(cterm_key_page_up);
    case KEY_NPAGE: case KEY_C3: return key(cterm_key_page_down);
    case KEY_BACKSPACE: return key(cterm_key_backspace);
    case KEY_DC: return key(cterm_key_delete);
    case KEY_BTAB: return key(cterm_key_back_tab);
    case KEY_ENTER: return key(cterm_key_enter);
    default: break;
    }
    if (value > KEY_F0 && value <= KEY_F(63)) {
        return (cterm_input){cterm_input_kind_function, value - KEY_F0};
    }
    return (cterm_input){cterm_input_kind_unknown, 0};
}

/// Stops until the process group is the terminal's foreground one; tells whether it is.
///
/// The kernel stops a program that uses its terminal from the background, but only by a signal to the thread that does
/// it, and Swift runs the main actor on a thread that blocks all signals. So we do here what the kernel would.
static bool wait_for_foreground(void) {
    sigset_t input;
    sigset_t mask;
    sigemptyset(&input);
    sigaddset(&input, SIGTTIN);
    pthread_sigmask(SIG_UNBLOCK, &input, &mask);
    bool is_foreground = tcgetpgrp(STDIN_FILENO) == getpgrp();
    // More than once where a shell continues it in the background again; for ever only where nobody watches it.
    for (int turn = 0; turn < 100 && !is_foreground; turn++) {
        raise(SIGTTIN);
        is_foreground = tcgetpgrp(STDIN_FILENO) == getpgrp();
    }
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    return is_foreground;
}

bool cterm_input_ended(void) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&input, 1, 0) <= 0) {
        return false;
    }
    if (input.revents & (POLLHUP | POLLERR | POLLNVAL)) {
        return true;
    }
    // Readable without a byte to read is the end of input.
    int waiting = 0;
    if (ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0) {
        return true;
    }
    // There are bytes that could not be read: none that make a character, or none for a program in the background.
    return !wait_for_foreground();
}

// MARK: Stopping and going on

void cterm_suspend(bool whole_group) {
    if (screen == NULL) {
        return;
    }
    endwin();
    is_showing = 0;
    struct sigaction action = {.sa_handler = SIG_IGN};
    struct sigaction before;
    sigaction(SIGTSTP, &action, &before);
    if (whole_group) {
        // The others of the job, as the terminal does for Ctrl-Z; we ignore this one and stop below.
        kill(0, SIGTSTP);
    }
    action.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &action, NULL);
    sigset_t stop;
    sigset_t mask;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, &mask);
    // To this very thread, so that it stops here and not a few instructions on. In a process group that nobody watches
    // the kernel drops the signal, and we go on.
    raise(SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGTSTP, &before, NULL);
}

void cterm_resume(void) {
    if (screen == NULL) {
        return;
    }
    if (!wait_for_foreground()) {
        return;
    }
    // A shell may have changed the terminal's modes meanwhile; leaving and entering sets all of them again.
    if (!isendwin()) {
        endwin();
    }
    cterm_resize();
    cterm_forget();
    is_showing = 1;
    refresh();
}
