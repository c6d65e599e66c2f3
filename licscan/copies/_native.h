/* What the parts of the extension that tokenizes program text share; lexing.py and its neighbors say the same in Python. */

#ifndef LICSCAN_COPIES_NATIVE_H
#define LICSCAN_COPIES_NATIVE_H

#define PY_SSIZE_T_CLEAN
#ifndef Py_GIL_DISABLED
#define Py_LIMITED_API 0x030b0000
#endif
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Values of the token stream below those of words; operators have their own byte. */
enum { DEAD = 0, NAME = 1, STRING = 2, NUMBER = 3, REGEX = 4, OPERATOR = 256, WORDS = 1024 };
/* What stood before: these or the byte of an operator (33 and more). */
enum { NOTHING = 0, AFTER_NAME = 1, AFTER_KEYWORD = 2, AFTER_VALUE = 3 };
#define DEEPEST 4096
#define NO_CANDIDATE SIZE_MAX

typedef struct {
    uint32_t *values;
    int32_t *lines;
    size_t count, room;
} Stream;

typedef struct {
    uint8_t kind, condition;
    size_t candidate;
} Bracket;

typedef struct {
    const unsigned char *text;
    size_t size, at;
    int32_t line;
    int before, failed, fresh;       /* fresh: nothing but blanks since the line began */
    uint32_t word, word_before;      /* the values of the last two words */
    size_t closed;                   /* the candidate of the parenthesis that was just closed */
    size_t depth, beyond;
    Bracket stack[DEEPEST];
    unsigned char *content;          /* of the last string, decoded */
    size_t length;
    Stream anchors, tokens;
} Lexer;

/* crc32 as zlib has it, moved out of the way of the values above. */
uint32_t value_of(const unsigned char *text, size_t size);
void fill_tables(void);
void fill_javascript(void);
void fill_python(void);

void emit(Lexer *lexer, Stream *stream, uint32_t value, int32_t line);
void open_bracket(Lexer *lexer, uint8_t kind, int condition, size_t candidate);
Bracket close_bracket(Lexer *lexer);
uint8_t innermost(const Lexer *lexer);
/* The first byte at or after `at` that is no blank; 0 at the end. */
unsigned char next_byte(const Lexer *lexer, size_t at);
int is_letter(unsigned char c);
int is_digit(unsigned char c);
void skip_line(Lexer *lexer);
void skip_number(Lexer *lexer);
/* Decodes the escapes of text[start:end] into `content`. */
void decode_string(Lexer *lexer, size_t start, size_t end, int raw);

void tokenize_javascript(Lexer *lexer);
void tokenize_python(Lexer *lexer);

/* The winnowed fingerprints of a stream: hashes, first lines, last lines; -1 without memory. */
typedef struct {
    uint32_t *hashes;
    int32_t *firsts, *lasts;
    size_t count;
} Prints;
int winnow(const Stream *stream, size_t k, size_t w, Prints *prints);

#endif
