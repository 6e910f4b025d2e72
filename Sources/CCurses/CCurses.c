#include "CCurses.h"
int cterm_placeholder(void) { return 0; }
