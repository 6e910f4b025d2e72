int cterm_placeholder(void);
