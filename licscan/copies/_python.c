/* Python to anchors and tokens; python.py says the same in Python. */

#include "_native.h"

static const char *const words[] = {
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not",
    "or", "pass", "raise", "return", "try", "while", "with", "yield", "None", "True", "False", "self",
};
#define COUNT (sizeof words / sizeof *words)
static uint32_t keywords[COUNT];
static int16_t buckets[256];
static uint32_t def, class_;

void
fill_python(void)
{
    memset(buckets, -1, sizeof buckets);
    for (size_t i = 0; i < COUNT; i++) {
        keywords[i] = value_of((const unsigned char *)words[i], strlen(words[i]));
        uint32_t at = keywords[i] & 255;
        while (buckets[at] >= 0)
            at = (at + 1) & 255;
        buckets[at] = (int16_t)i;
    }
    def = value_of((const unsigned char *)"def", 3);
    class_ = value_of((const unsigned char *)"class", 5);
}

static int
is_keyword(uint32_t value)
{
    for (uint32_t at = value & 255; buckets[at] >= 0; at = (at + 1) & 255)
        if (keywords[buckets[at]] == value)
            return 1;
    return 0;
}

/* The end of a string whose content begins at `at`, without the quotes; counts its lines. */
static size_t
string_end(Lexer *lexer, unsigned char quote, int triple)
{
    const unsigned char *text = lexer->text;
    while (lexer->at < lexer->size) {
        unsigned char c = text[lexer->at];
        if (c == '\n' && !triple)
            return lexer->at;
        if (c == quote && !triple)
            return lexer->at;
        if (c == quote && lexer->at + 2 < lexer->size && text[lexer->at + 1] == quote && text[lexer->at + 2] == quote)
            return lexer->at;
        if (c == '\\' && lexer->at + 1 < lexer->size)
            c = text[++lexer->at];
        lexer->line += c == '\n';
        lexer->at++;
    }
    return lexer->at;
}

/* A string, its quote at the place; a string that is a statement of its own is prose and counts as nothing. */
static void
take_string(Lexer *lexer, int raw)
{
    const unsigned char *text = lexer->text;
    unsigned char quote = text[lexer->at];
    int32_t line = lexer->line;
    int alone = lexer->fresh && !innermost(lexer);
    int triple = lexer->at + 2 < lexer->size && text[lexer->at + 1] == quote && text[lexer->at + 2] == quote;
    lexer->at += triple ? 3 : 1;
    size_t start = lexer->at, end = string_end(lexer, quote, triple);
    if (lexer->at < lexer->size && text[lexer->at] == quote)
        lexer->at += triple ? 3 : 1;
    lexer->fresh = 0;
    lexer->before = AFTER_VALUE;
    if (alone)
        return;
    decode_string(lexer, start, end, raw);
    if (lexer->length > 3)
        emit(lexer, &lexer->anchors, value_of(lexer->content, lexer->length), line);
    emit(lexer, &lexer->tokens, STRING, line);
}

/* Whether the letters before a quote are those of a string: 0 no, 1 yes, 2 a raw one. */
static int
prefix_of(const unsigned char *text, size_t length)
{
    int raw = 1;
    if (length > 2)
        return 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = text[i] | 32;
        if (c != 'r' && c != 'b' && c != 'u' && c != 'f' && c != 't')
            return 0;
        if (c == 'r')
            raw = 2;
    }
    return raw;
}

static int
is_argument(const Lexer *lexer)
{
    size_t at = lexer->at;
    if (innermost(lexer) != '(' || (lexer->before != '(' && lexer->before != ','))
        return 0;
    while (at < lexer->size && (lexer->text[at] == ' ' || lexer->text[at] == '\t'))
        at++;
    return at + 1 < lexer->size && lexer->text[at] == '=' && lexer->text[at + 1] != '=';
}

static void
take_word(Lexer *lexer)
{
    size_t start = lexer->at++;
    while (lexer->at < lexer->size && (is_letter(lexer->text[lexer->at]) || is_digit(lexer->text[lexer->at])))
        lexer->at++;
    size_t length = lexer->at - start;
    if (lexer->at < lexer->size && (lexer->text[lexer->at] == '"' || lexer->text[lexer->at] == '\'')) {
        int prefix = prefix_of(lexer->text + start, length);
        if (prefix) {
            take_string(lexer, prefix == 2);
            return;
        }
    }
    uint32_t value = value_of(lexer->text + start, length);
    int property = lexer->before == '.' || is_argument(lexer);
    int named = lexer->word == def || lexer->word == class_;
    if ((property || named) && length > 1)
        emit(lexer, &lexer->anchors, value, lexer->line);
    emit(lexer, &lexer->tokens, property || is_keyword(value) ? value : NAME, lexer->line);
    lexer->word = property ? 0 : value;
    lexer->before = AFTER_NAME;
    lexer->fresh = 0;
}

static void
take_operator(Lexer *lexer, unsigned char c)
{
    lexer->at++;
    if (c != ';' && c != ',' && c != '(' && c != ')' && c != '\\')
        emit(lexer, &lexer->tokens, OPERATOR + c, lexer->line);
    if (c == '(' || c == '[' || c == '{')
        open_bracket(lexer, c, 0, NO_CANDIDATE);
    else if (c == ')' || c == ']' || c == '}')
        close_bracket(lexer);
    lexer->before = c;
    lexer->word = 0;
    lexer->fresh = 0;
}

void
tokenize_python(Lexer *lexer)
{
    lexer->fresh = 1;
    while (lexer->at < lexer->size && !lexer->failed) {
        unsigned char c = lexer->text[lexer->at];
        unsigned char next = lexer->at + 1 < lexer->size ? lexer->text[lexer->at + 1] : 0;
        if (c <= ' ' || c == 127) {
            if (c == '\n') {
                lexer->line++;
                lexer->fresh = 1;
            }
            lexer->at++;
        }
        else if (is_letter(c) && c != '$')
            take_word(lexer);
        else if (is_digit(c) || (c == '.' && is_digit(next))) {
            skip_number(lexer);
            emit(lexer, &lexer->tokens, NUMBER, lexer->line);
            lexer->before = AFTER_VALUE;
            lexer->fresh = 0;
        }
        else if (c == '"' || c == '\'')
            take_string(lexer, 0);
        else if (c == '#')
            skip_line(lexer);
        else
            take_operator(lexer, c);
    }
}
