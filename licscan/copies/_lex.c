/* What the tokenizers of all languages share. Every step goes forward and no byte is looked at more than a few times. */

#include "_native.h"

static uint32_t crc_table[256];

void
fill_tables(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t c = i;
        for (int bit = 0; bit < 8; bit++)
            c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
        crc_table[i] = c;
    }
}

uint32_t
value_of(const unsigned char *text, size_t size)
{
    uint32_t c = 0xFFFFFFFFu;
    for (size_t i = 0; i < size; i++)
        c = crc_table[(c ^ text[i]) & 255] ^ (c >> 8);
    c ^= 0xFFFFFFFFu;
    return c < WORDS ? c + WORDS : c;
}

void
emit(Lexer *lexer, Stream *stream, uint32_t value, int32_t line)
{
    if (stream->count == stream->room) {
        size_t room = stream->room ? stream->room * 2 : 1024;
        uint32_t *values = realloc(stream->values, room * sizeof *values);
        if (values)
            stream->values = values;
        int32_t *lines = values ? realloc(stream->lines, room * sizeof *lines) : NULL;
        if (!lines) {
            lexer->failed = 1;
            return;
        }
        stream->lines = lines;
        stream->room = room;
    }
    stream->values[stream->count] = value;
    stream->lines[stream->count++] = line;
}

void
open_bracket(Lexer *lexer, uint8_t kind, int condition, size_t candidate)
{
    if (lexer->depth == DEEPEST) {
        lexer->beyond++;
        return;
    }
    lexer->stack[lexer->depth++] = (Bracket){kind, (uint8_t)condition, candidate};
}

Bracket
close_bracket(Lexer *lexer)
{
    Bracket none = {0, 0, NO_CANDIDATE};
    if (lexer->beyond) {
        lexer->beyond--;
        return none;
    }
    return lexer->depth ? lexer->stack[--lexer->depth] : none;
}

uint8_t
innermost(const Lexer *lexer)
{
    return lexer->depth && !lexer->beyond ? lexer->stack[lexer->depth - 1].kind : 0;
}

unsigned char
next_byte(const Lexer *lexer, size_t at)
{
    while (at < lexer->size && (lexer->text[at] == ' ' || (lexer->text[at] >= 9 && lexer->text[at] <= 13)))
        at++;
    return at < lexer->size ? lexer->text[at] : 0;
}

int
is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c >= 0x80;
}

int
is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

void
skip_line(Lexer *lexer)
{
    const unsigned char *end = memchr(lexer->text + lexer->at, '\n', lexer->size - lexer->at);
    lexer->at = end ? (size_t)(end - lexer->text) : lexer->size;
}

void
skip_number(Lexer *lexer)
{
    const unsigned char *text = lexer->text;
    lexer->at++;
    while (lexer->at < lexer->size) {
        unsigned char c = text[lexer->at];
        int sign = lexer->at + 1 < lexer->size && (text[lexer->at + 1] == '+' || text[lexer->at + 1] == '-');
        if ((c == 'e' || c == 'E') && sign)
            lexer->at += 2;
        else if (is_letter(c) || is_digit(c) || c == '.')
            lexer->at++;
        else
            return;
    }
}

static int
hex_digit(unsigned char c)
{
    if (is_digit(c))
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* So many hexadecimal digits at `at`; -1 where there are fewer before `end`. */
static long
hex_number(const unsigned char *text, size_t at, size_t end, size_t digits)
{
    long number = 0;
    if (end - at < digits)
        return -1;
    for (size_t i = 0; i < digits; i++) {
        int digit = hex_digit(text[at + i]);
        if (digit < 0)
            return -1;
        number = number * 16 + digit;
    }
    return number;
}

static void
put_point(Lexer *lexer, unsigned long point)
{
    unsigned char *out = lexer->content + lexer->length;
    if (point < 0x80) {
        out[0] = (unsigned char)point;
        lexer->length += 1;
    }
    else if (point < 0x800) {
        out[0] = (unsigned char)(0xC0 | point >> 6);
        out[1] = (unsigned char)(0x80 | (point & 63));
        lexer->length += 2;
    }
    else {
        out[0] = (unsigned char)(0xE0 | point >> 12);
        out[1] = (unsigned char)(0x80 | (point >> 6 & 63));
        out[2] = (unsigned char)(0x80 | (point & 63));
        lexer->length += 3;
    }
}

/* One escape, whose letter stands at `at`; gives the place behind it. What is read is never less than what is put. */
static size_t
put_escape(Lexer *lexer, size_t at, size_t end)
{
    static const char letters[] = "nrtbfv0", means[] = "\n\r\t\b\f\v";
    const unsigned char *text = lexer->text;
    const char *found = text[at] ? strchr(letters, text[at]) : NULL;
    long point = -1;
    size_t digits = text[at] == 'x' ? 2 : text[at] == 'u' ? 4 : 0;
    if (digits && (point = hex_number(text, at + 1, end, digits)) >= 0) {
        put_point(lexer, (unsigned long)point);
        return at + 1 + digits;
    }
    if (text[at] == '\r' && at + 1 < end && text[at + 1] == '\n')
        return at + 2;
    if (text[at] != '\n')
        lexer->content[lexer->length++] = found ? (unsigned char)means[found - letters] : text[at];
    return at + 1;
}

void
decode_string(Lexer *lexer, size_t start, size_t end, int raw)
{
    lexer->length = 0;
    while (start < end) {
        unsigned char c = lexer->text[start++];
        if (c == '\\' && !raw && start < end)
            start = put_escape(lexer, start, end);
        else
            lexer->content[lexer->length++] = c;
    }
}
