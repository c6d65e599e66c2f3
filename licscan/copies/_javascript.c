/* JavaScript and TypeScript to anchors and tokens; javascript.py says the same in Python. */

#include "_native.h"

typedef struct {
    const char *word;
    int kind;
    uint32_t value, crc;
} Word;

enum { KEYWORD = 1, OPENS = 2, CONDITION = 3, DECLARES = 4, SWITCH = 5, MODIFIES = 6, SPECIFIES = 7, REQUIRES = 8, FUNCTION = 9 };

static Word words[] = {
    {"break", KEYWORD, 0, 0},     {"catch", KEYWORD, 0, 0},     {"class", KEYWORD, 0, 0},   {"const", DECLARES, 0, 0},
    {"continue", KEYWORD, 0, 0},  {"debugger", KEYWORD, 0, 0},  {"default", SWITCH, 0, 0},  {"delete", OPENS, 0, 0},
    {"do", OPENS, 0, 0},          {"else", OPENS, 0, 0},        {"export", KEYWORD, 0, 0},  {"extends", KEYWORD, 0, 0},
    {"finally", KEYWORD, 0, 0},   {"for", CONDITION, 0, 0},     {"function", FUNCTION, 0, 0}, {"if", CONDITION, 0, 0},
    {"import", SPECIFIES, 0, 0},  {"in", OPENS, 0, 0},          {"instanceof", OPENS, 0, 0}, {"new", OPENS, 0, 0},
    {"return", OPENS, 0, 0},      {"super", KEYWORD, 0, 0},     {"switch", KEYWORD, 0, 0},  {"this", KEYWORD, 0, 0},
    {"throw", OPENS, 0, 0},       {"try", KEYWORD, 0, 0},       {"typeof", OPENS, 0, 0},    {"var", DECLARES, 0, 0},
    {"void", OPENS, 0, 0},        {"while", CONDITION, 0, 0},   {"with", CONDITION, 0, 0},  {"yield", OPENS, 0, 0},
    {"let", DECLARES, 0, 0},      {"static", MODIFIES, 0, 0},   {"async", MODIFIES, 0, 0},  {"get", MODIFIES, 0, 0},
    {"set", MODIFIES, 0, 0},      {"await", OPENS, 0, 0},       {"null", KEYWORD, 0, 0},    {"true", KEYWORD, 0, 0},
    {"false", KEYWORD, 0, 0},     {"case", SWITCH, 0, 0},       {"from", SPECIFIES, 0, 0},  {"require", REQUIRES, 0, 0},
};
#define COUNT (sizeof words / sizeof *words)
static int16_t buckets[256];
static uint32_t strict;

void
fill_javascript(void)
{
    uint32_t declares = value_of((const unsigned char *)"var", 3);
    strict = value_of((const unsigned char *)"use strict", 10);
    memset(buckets, -1, sizeof buckets);
    for (size_t i = 0; i < COUNT; i++) {
        words[i].value = value_of((const unsigned char *)words[i].word, strlen(words[i].word));
        words[i].crc = words[i].kind == DECLARES ? declares : words[i].value;
        uint32_t at = words[i].value & 255;
        while (buckets[at] >= 0)
            at = (at + 1) & 255;
        buckets[at] = (int16_t)i;
    }
}

static const Word *
word_of(uint32_t value)
{
    for (uint32_t at = value & 255; buckets[at] >= 0; at = (at + 1) & 255)
        if (words[buckets[at]].value == value)
            return &words[buckets[at]];
    return NULL;
}

static int
kind_of(uint32_t value)
{
    const Word *word = word_of(value);
    return word ? word->kind : 0;
}

static int
starts_key(const Lexer *lexer)
{
    return innermost(lexer) == '{' && (lexer->before == '{' || lexer->before == ',');
}

/* Whether a word before `(` may be the name of a method. */
static int
may_be_method(const Lexer *lexer)
{
    if (innermost(lexer) != '{')
        return 0;
    return lexer->before == '{' || lexer->before == ',' || lexer->before == '}' || lexer->before == ';' ||
           lexer->before == '*' || (lexer->before == AFTER_KEYWORD && kind_of(lexer->word) == MODIFIES);
}

static void
set_word(Lexer *lexer, uint32_t value)
{
    lexer->word_before = lexer->word;
    lexer->word = value;
}

static void
take_word(Lexer *lexer)
{
    size_t start = lexer->at++;
    while (lexer->at < lexer->size && (is_letter(lexer->text[lexer->at]) || is_digit(lexer->text[lexer->at])))
        lexer->at++;
    size_t length = lexer->at - start;
    uint32_t value = value_of(lexer->text + start, length);
    const Word *word = word_of(value);
    unsigned char next = next_byte(lexer, lexer->at);
    int kind = word ? word->kind : 0;
    int after_dot = lexer->before == '.';
    int key = !after_dot && starts_key(lexer) && kind != SWITCH && (next == ':' || (!kind && (next == ',' || next == '}')));
    int method = !after_dot && !key && next == '(' && (!kind || kind == MODIFIES) && may_be_method(lexer);
    if (after_dot || key) {
        if (length > 1)
            emit(lexer, &lexer->anchors, value, lexer->line);
        emit(lexer, &lexer->tokens, value, lexer->line);
        set_word(lexer, 0);
        lexer->before = AFTER_NAME;
        return;
    }
    lexer->closed = NO_CANDIDATE;
    if (method && length > 1) {
        lexer->closed = lexer->anchors.count; /* taken by the parenthesis that follows */
        emit(lexer, &lexer->anchors, value, lexer->line);
    }
    int keyword = kind && kind != REQUIRES && !(kind == SPECIFIES && next == '(');
    emit(lexer, &lexer->tokens, keyword ? word->crc : NAME, lexer->line);
    set_word(lexer, value);
    lexer->before = kind == OPENS || kind == MODIFIES || kind == SWITCH ? AFTER_KEYWORD : AFTER_NAME;
}

/* A string's or a template's text[start:end] between the tokens around it. */
static void
take_content(Lexer *lexer, size_t start, size_t end, int32_t line, int is_template)
{
    unsigned char next = next_byte(lexer, lexer->at);
    decode_string(lexer, start, end, 0);
    uint32_t value = value_of(lexer->content, lexer->length);
    int key = !is_template && ((starts_key(lexer) && (next == ':' || next == '(')) || (lexer->before == '[' && next == ']'));
    int path = lexer->before == AFTER_NAME && kind_of(lexer->word) == SPECIFIES;
    path |= lexer->before == '(' && (kind_of(lexer->word) == REQUIRES || kind_of(lexer->word) == SPECIFIES);
    if (value != strict && !path && (lexer->length > 3 || (key && lexer->length > 1)))
        emit(lexer, &lexer->anchors, value, line);
    if (value != strict)
        emit(lexer, &lexer->tokens, key ? value : STRING, line);
    set_word(lexer, 0);
    lexer->before = AFTER_VALUE;
}

static void
take_string(Lexer *lexer)
{
    unsigned char quote = lexer->text[lexer->at++];
    size_t start = lexer->at, end;
    int32_t line = lexer->line;
    while (lexer->at < lexer->size && lexer->text[lexer->at] != quote && lexer->text[lexer->at] != '\n') {
        size_t step = 1;
        if (lexer->text[lexer->at] == '\\') {
            if (lexer->at + 1 >= lexer->size)
                break;
            step = 2;
            if (lexer->text[lexer->at + 1] == '\r' && lexer->at + 2 < lexer->size && lexer->text[lexer->at + 2] == '\n')
                step = 3;
            lexer->line += lexer->text[lexer->at + step - 1] == '\n';
        }
        lexer->at += step;
    }
    end = lexer->at;
    if (lexer->at < lexer->size && lexer->text[lexer->at] == quote)
        lexer->at++;
    take_content(lexer, start, end, line, 0);
}

/* A piece of a template: up to its end or to the code in it. */
static void
take_template(Lexer *lexer)
{
    const unsigned char *text = lexer->text;
    size_t start = lexer->at, end;
    int32_t line = lexer->line;
    int code = 0;
    while (lexer->at < lexer->size && text[lexer->at] != '`') {
        if (text[lexer->at] == '$' && lexer->at + 1 < lexer->size && text[lexer->at + 1] == '{') {
            code = 1;
            break;
        }
        if (text[lexer->at] == '\\' && lexer->at + 1 < lexer->size)
            lexer->at++;
        lexer->line += text[lexer->at] == '\n';
        lexer->at++;
    }
    end = lexer->at;
    if (lexer->at < lexer->size)
        lexer->at += code ? 2 : 1;
    take_content(lexer, start, end, line, 1);
    if (code) {
        open_bracket(lexer, '`', 0, NO_CANDIDATE);
        lexer->before = '`';
    }
}

/* A regular expression ends at its slash or with the line; the letters behind it are its flags. */
static void
take_regex(Lexer *lexer)
{
    int in_class = 0;
    lexer->at++;
    while (lexer->at < lexer->size && lexer->text[lexer->at] != '\n') {
        unsigned char c = lexer->text[lexer->at++];
        if (c == '\\' && lexer->at < lexer->size && lexer->text[lexer->at] != '\n')
            lexer->at++;
        else if (c == '[')
            in_class = 1;
        else if (c == ']')
            in_class = 0;
        else if (c == '/' && !in_class)
            break;
    }
    while (lexer->at < lexer->size && is_letter(lexer->text[lexer->at]))
        lexer->at++;
    emit(lexer, &lexer->tokens, REGEX, lexer->line);
    lexer->before = AFTER_VALUE;
}

static void
skip_comment(Lexer *lexer)
{
    lexer->at += 2;
    while (lexer->at < lexer->size) {
        unsigned char c = lexer->text[lexer->at++];
        lexer->line += c == '\n';
        if (c == '*' && lexer->at < lexer->size && lexer->text[lexer->at] == '/') {
            lexer->at++;
            return;
        }
    }
}

static void
take_bracket(Lexer *lexer, unsigned char c)
{
    if (c == '(') {
        int condition = lexer->before == AFTER_NAME && kind_of(lexer->word) == CONDITION;
        open_bracket(lexer, c, condition, lexer->closed);
    }
    else if (c == '{' || c == '[')
        open_bracket(lexer, c, 0, NO_CANDIDATE);
    else {
        Bracket closed = close_bracket(lexer);
        if (c == ')') {
            lexer->closed = closed.candidate;
            if (closed.candidate != NO_CANDIDATE && next_byte(lexer, lexer->at) != '{')
                lexer->anchors.values[closed.candidate] = DEAD; /* a call, not a method */
            lexer->before = closed.condition ? AFTER_KEYWORD : AFTER_VALUE;
            lexer->closed = NO_CANDIDATE;
            return;
        }
        if (c == '}' && closed.kind == '`') {
            take_template(lexer);
            return;
        }
        lexer->before = c == ']' ? AFTER_VALUE : c;
        return;
    }
    lexer->closed = NO_CANDIDATE;
    lexer->before = c;
}

static void
take_operator(Lexer *lexer, unsigned char c)
{
    lexer->at++;
    if (c != ';' && c != ',' && c != '(' && c != ')')
        emit(lexer, &lexer->tokens, OPERATOR + c, lexer->line);
    if (c == '(' || c == ')' || c == '{' || c == '}' || c == '[' || c == ']') {
        take_bracket(lexer, c);
        return;
    }
    if (c == '.' && lexer->before == '.')
        c = '~'; /* of a spread nothing is a property */
    lexer->before = c;
}

void
tokenize_javascript(Lexer *lexer)
{
    if (lexer->size > 1 && lexer->text[0] == '#' && lexer->text[1] == '!')
        skip_line(lexer);
    while (lexer->at < lexer->size && !lexer->failed) {
        unsigned char c = lexer->text[lexer->at];
        unsigned char next = lexer->at + 1 < lexer->size ? lexer->text[lexer->at + 1] : 0;
        if (c <= ' ' || c == 127) {
            lexer->line += c == '\n';
            lexer->at++;
        }
        else if (is_letter(c) || c == '#')
            take_word(lexer);
        else if (is_digit(c) || (c == '.' && is_digit(next))) {
            skip_number(lexer);
            emit(lexer, &lexer->tokens, NUMBER, lexer->line);
            lexer->before = AFTER_VALUE;
        }
        else if (c == '"' || c == '\'')
            take_string(lexer);
        else if (c == '`') {
            lexer->at++;
            take_template(lexer);
        }
        else if (c == '/' && next == '/')
            skip_line(lexer);
        else if (c == '/' && next == '*')
            skip_comment(lexer);
        else if (c == '/' && !(next == '>' && lexer->before == '}') && lexer->before != '<' &&
                 lexer->before != AFTER_NAME && lexer->before != AFTER_VALUE) /* tags of JSX have slashes too */
            take_regex(lexer);
        else
            take_operator(lexer, c);
    }
}
