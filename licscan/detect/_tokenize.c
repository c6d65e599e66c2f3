/* Text to token ids: the pattern [^_\W]+\+?[^_\W]* over the small letters of a text, one pass over its UTF-8. */

#include "_native.h"

#define VOCABULARY "licscan.detect._native.vocabulary"
#define PAGES 0x1100 /* of 256 code points each */
#define PADDING 8    /* bytes behind a text that may be read */

enum { BREAK, WORD, PLUS, NEWLINE, WIDE };

/* One word: its first eight bytes stand beside the id, so that most look-ups touch one cache line. */
typedef struct {
    uint64_t head;
    uint32_t start, length; /* in `words`; length 0: a free slot */
    int32_t id;
    uint32_t check;
} Slot;

typedef struct {
    Slot *slots;
    uint32_t mask;
    char *words;
    uint8_t known[PAGES];     /* pages that are filled; read and written under the GIL */
    uint8_t alnum[PAGES][32]; /* str.isalnum of every code point of a filled page */
    uint8_t large[PAGES][32]; /* whether str.lower changes it */
    uint8_t kinds[256];
} Vocabulary;

static uint64_t
mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 32);
}

/* The first `length` bytes, at most eight. Eight may be read: every text and word list here is padded. */
static uint64_t
load(const unsigned char *text, size_t length)
{
    uint64_t value;
    memcpy(&value, text, PADDING);
    if (length >= 8)
        return value;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return value & ~(UINT64_MAX >> (8 * length));
#else
    return value & ((UINT64_C(1) << (8 * length)) - 1);
#endif
}

static uint64_t
hash_word(const unsigned char *text, size_t length, uint64_t head)
{
    uint64_t hash = mix(length, head);
    for (size_t at = 8; at < length; at += 8)
        hash = mix(hash, load(text + at, length - at));
    return hash;
}

/* The word's slot, or the free one where it would stand. */
static Slot *
look_up(const Vocabulary *vocabulary, const unsigned char *text, size_t length)
{
    uint64_t head = load(text, length), hash = hash_word(text, length, head);
    for (uint32_t at = (uint32_t)hash & vocabulary->mask;; at = (at + 1) & vocabulary->mask) {
        Slot *slot = &vocabulary->slots[at];
        if (!slot->length)
            return slot;
        if (slot->head == head && slot->check == (uint32_t)(hash >> 32) && slot->length == length
            && (length <= 8 || !memcmp(vocabulary->words + slot->start + 8, text + 8, length - 8)))
            return slot;
    }
}

static void
vocabulary_close(Vocabulary *vocabulary)
{
    free(vocabulary->slots);
    free(vocabulary->words);
    free(vocabulary);
}

/* One word into the table; the first of two equal words stands. */
static void
insert(Vocabulary *vocabulary, uint32_t start, uint32_t length, int32_t id)
{
    const unsigned char *text = (const unsigned char *)vocabulary->words + start;
    Slot *slot = length ? look_up(vocabulary, text, length) : NULL;
    if (slot && !slot->length) {
        uint64_t head = load(text, length);
        *slot = (Slot){head, start, length, id, (uint32_t)(hash_word(text, length, head) >> 32)};
    }
}

static Vocabulary *
vocabulary_new(const char *words, size_t size, const int32_t *ids, size_t count)
{
    Vocabulary *vocabulary = calloc(1, sizeof *vocabulary);
    if (!vocabulary)
        return NULL;
    size_t slots = 16;
    while (slots < 2 * count + 2)
        slots *= 2;
    vocabulary->mask = (uint32_t)(slots - 1);
    vocabulary->slots = calloc(slots, sizeof *vocabulary->slots);
    vocabulary->words = calloc(size + PADDING, 1);
    if (!vocabulary->slots || !vocabulary->words) {
        vocabulary_close(vocabulary);
        return NULL;
    }
    memcpy(vocabulary->words, words, size);
    for (int c = 0; c < 256; c++)
        vocabulary->kinds[c] = c >= 128 ? WIDE
            : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? WORD
            : c == '+' ? PLUS : c == '\n' ? NEWLINE : BREAK;
    size_t start = 0, index = 0;
    for (size_t at = 0; at <= size && index < count; at++) {
        if (at == size || words[at] == '\n') {
            insert(vocabulary, (uint32_t)start, (uint32_t)(at - start), ids[index++]);
            start = at + 1;
        }
    }
    return vocabulary;
}

static void
capsule_close(PyObject *capsule)
{
    Vocabulary *vocabulary = PyCapsule_GetPointer(capsule, VOCABULARY);
    if (vocabulary)
        vocabulary_close(vocabulary);
}

static PyObject *
vocabulary_capsule(const char *words, size_t size, const int32_t *ids, size_t count)
{
    size_t lines = size > 0;
    for (size_t at = 0; at < size; at++)
        lines += words[at] == '\n';
    if (lines != count || size > INT32_MAX / 2)
        return refuse("vocabulary", "as many words as ids, and less than 1 GiB of words");
    Vocabulary *vocabulary = vocabulary_new(words, size, ids, count);
    if (!vocabulary)
        return PyErr_NoMemory();
    PyObject *capsule = PyCapsule_New(vocabulary, VOCABULARY, capsule_close);
    if (!capsule)
        vocabulary_close(vocabulary);
    return capsule;
}

/* vocabulary(words: bytes joined by newlines, ids: int32 array) -> capsule for tokenize. */
PyObject *
native_vocabulary(PyObject *module, PyObject *args)
{
    PyObject *object, *capsule = NULL;
    const char *words;
    Py_ssize_t size;
    Arrays arrays = {.open = 0};
    size_t count;
    (void)module;
    if (!PyArg_ParseTuple(args, "y#O", &words, &size, &object))
        return NULL;
    const int32_t *ids = array_of(&arrays, object, sizeof *ids, "ids", &count);
    if (ids)
        capsule = vocabulary_capsule(words, (size_t)size, ids, count);
    arrays_close(&arrays);
    return capsule;
}

/* The code point at `at` (UTF-8 that Python made, surrogates included) and the bytes it takes. */
static uint32_t
decode(const unsigned char *text, size_t room, size_t *bytes)
{
    unsigned char c = text[0];
    size_t length = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (room < length) {
        *bytes = room;
        return 0;
    }
    *bytes = length;
    if (length == 2)
        return ((c & 0x1Fu) << 6) | (text[1] & 0x3Fu);
    if (length == 3)
        return ((c & 0x0Fu) << 12) | ((text[1] & 0x3Fu) << 6) | (text[2] & 0x3Fu);
    return (((c & 0x07u) << 18) | ((text[1] & 0x3Fu) << 12) | ((text[2] & 0x3Fu) << 6) | (text[3] & 0x3Fu)) % 0x110000u;
}

/* Whether Python says that a character is of a word, or a capital; -1 with an exception set. */
static int
ask(PyObject *character, int *word, int *capital)
{
    PyObject *answer = PyObject_CallMethod(character, "isalnum", NULL);
    PyObject *small = answer ? PyObject_CallMethod(character, "lower", NULL) : NULL;
    int same = small ? PyUnicode_Compare(small, character) == 0 : 0;
    *word = answer == Py_True;
    *capital = !same;
    Py_XDECREF(answer);
    Py_XDECREF(small);
    return PyErr_Occurred() ? -1 : 0;
}

/* Asks Python for every code point of a page. */
static int
fill_page(Vocabulary *vocabulary, uint32_t page)
{
    uint8_t alnum[32] = {0}, large[32] = {0};
    for (uint32_t low = 0; low < 256; low++) {
        int word = 0, capital = 0;
        PyObject *character = PyUnicode_FromOrdinal((int)(page * 256 + low));
        int status = character ? ask(character, &word, &capital) : -1;
        Py_XDECREF(character);
        if (status < 0)
            return -1;
        alnum[low >> 3] |= (uint8_t)(word << (low & 7));
        large[low >> 3] |= (uint8_t)(capital << (low & 7));
    }
    memcpy(vocabulary->alnum[page], alnum, sizeof alnum);
    memcpy(vocabulary->large[page], large, sizeof large);
    vocabulary->known[page] = 1;
    return 0;
}

static int
has(uint8_t (*pages)[32], uint32_t point)
{
    return pages[point >> 8][(point & 255) >> 3] >> (point & 7) & 1;
}

/* Fills the pages that `text` needs, under the GIL, so that the pass itself only reads. 1 where it holds capitals. */
static int
fill_pages(Vocabulary *vocabulary, const unsigned char *text, size_t size)
{
    int capitals = 0;
    size_t at = 0, bytes;
    while (at < size) {
        if (text[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t point = decode(text + at, size - at, &bytes);
        if (!vocabulary->known[point >> 8] && fill_page(vocabulary, point >> 8) < 0)
            return -1;
        capitals |= has(vocabulary->large, point);
        at += bytes;
    }
    return capitals;
}

/* The end of the run of word characters at `at`; `extra` grows by the bytes that are not a character of their own. */
static size_t
run_end(Vocabulary *vocabulary, const unsigned char *text, size_t at, size_t size, size_t *extra)
{
    size_t bytes;
    while (at < size) {
        uint8_t kind = vocabulary->kinds[text[at]];
        if (kind == WORD)
            at++;
        else if (kind == WIDE && has(vocabulary->alnum, decode(text + at, size - at, &bytes))) {
            at += bytes;
            *extra += bytes - 1;
        }
        else
            break;
    }
    return at;
}

/* What tokenize gives back: of known words id, line, start and end; and how many unknown words and stopwords follow
 * each (item 0: those before the first known word). */
typedef struct {
    Ints ids, lines, starts, ends, unknown, stops;
} Tokens;

static int
reserve(Tokens *tokens, size_t room)
{
    Ints *all[] = {&tokens->ids, &tokens->lines, &tokens->starts, &tokens->ends, &tokens->unknown, &tokens->stops};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (ints_reserve(all[i], room) < 0)
            return -1;
    return 0;
}

static int
scan(Vocabulary *vocabulary, const unsigned char *text, size_t size, Tokens *tokens)
{
    size_t at = 0, extra = 0, count = 0, bytes;
    int32_t line = 1;
    if (reserve(tokens, size / 8 + 16) < 0)
        return -1;
    tokens->unknown.items[0] = tokens->stops.items[0] = 0;
    while (at < size) {
        uint8_t kind = vocabulary->kinds[text[at]];
        if (kind == NEWLINE)
            line++;
        if (kind == WIDE && !has(vocabulary->alnum, decode(text + at, size - at, &bytes))) {
            at += bytes;
            extra += bytes - 1;
            continue;
        }
        if (kind != WORD && kind != WIDE) {
            at++;
            continue;
        }
        size_t start = at, before = extra;
        at = run_end(vocabulary, text, at, size, &extra);
        if (at < size && text[at] == '+')
            at = run_end(vocabulary, text, at + 1, size, &extra);
        const Slot *slot = look_up(vocabulary, text + start, at - start);
        if (!slot->length || slot->id < 0) {
            (slot->length ? &tokens->stops : &tokens->unknown)->items[count]++;
            continue;
        }
        if (count + 2 > tokens->ids.room && reserve(tokens, count + 2) < 0)
            return -1;
        tokens->ids.items[count] = slot->id;
        tokens->lines.items[count] = line;
        tokens->starts.items[count] = (int32_t)(start - before);
        tokens->ends.items[count] = (int32_t)(at - extra);
        count++;
        tokens->unknown.items[count] = tokens->stops.items[count] = 0;
        tokens->ids.count = tokens->lines.count = tokens->starts.count = tokens->ends.count = count;
    }
    tokens->unknown.count = tokens->stops.count = count + 1;
    return 0;
}

static PyObject *
as_tuple(const Tokens *tokens)
{
    const Ints *all[] = {&tokens->ids, &tokens->lines, &tokens->starts, &tokens->ends, &tokens->unknown, &tokens->stops};
    PyObject *tuple = PyTuple_New(sizeof all / sizeof *all);
    for (size_t i = 0; tuple && i < sizeof all / sizeof *all; i++) {
        PyObject *bytes = ints_bytes(all[i]);
        if (!bytes || PyTuple_SetItem(tuple, (Py_ssize_t)i, bytes) < 0)
            Py_CLEAR(tuple);
    }
    return tuple;
}

/* A copy with ASCII's capitals made small, padded. */
static unsigned char *
small_copy(const char *text, size_t size)
{
    unsigned char *copy = malloc(size + PADDING);
    if (!copy)
        return NULL;
    for (size_t at = 0; at < size; at++) {
        unsigned char c = (unsigned char)text[at];
        copy[at] = (unsigned char)(c | (((unsigned char)(c - 'A') < 26) << 5));
    }
    memset(copy + size, 0, PADDING);
    return copy;
}

static PyObject *
tokens_of(Vocabulary *vocabulary, const char *text, size_t size)
{
    Tokens tokens;
    int status = -1;
    memset(&tokens, 0, sizeof tokens);
    Py_BEGIN_ALLOW_THREADS
    unsigned char *copy = small_copy(text, size);
    if (copy)
        status = scan(vocabulary, copy, size, &tokens);
    free(copy);
    Py_END_ALLOW_THREADS
    PyObject *answer = status < 0 ? PyErr_NoMemory() : as_tuple(&tokens);
    ints_free(&tokens.ids);
    ints_free(&tokens.lines);
    ints_free(&tokens.starts);
    ints_free(&tokens.ends);
    ints_free(&tokens.unknown);
    ints_free(&tokens.stops);
    return answer;
}

/* tokenize(text, vocabulary, lowered: bool) -> (ids, lines, starts, ends, unknown, stops), each bytes of int32; or None
 * where the text is not lower-cased and holds capitals beyond ASCII. */
PyObject *
native_tokenize(PyObject *module, PyObject *args)
{
    PyObject *text, *capsule, *utf8, *answer = NULL;
    char *bytes;
    Py_ssize_t size;
    int lowered, capitals = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "UOp", &text, &capsule, &lowered))
        return NULL;
    Vocabulary *vocabulary = PyCapsule_GetPointer(capsule, VOCABULARY);
    if (!vocabulary || !(utf8 = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass")))
        return NULL;
    if (PyBytes_AsStringAndSize(utf8, &bytes, &size) == 0) {
        if (PyUnicode_GetLength(text) != size)
            capitals = fill_pages(vocabulary, (unsigned char *)bytes, (size_t)size);
        if (size > INT32_MAX - 64)
            refuse("tokenize", "a text of 2 GiB or more");
        else if (capitals > 0 && !lowered)
            answer = Py_NewRef(Py_None);
        else if (capitals >= 0)
            answer = tokens_of(vocabulary, bytes, (size_t)size);
    }
    Py_DECREF(utf8);
    return answer;
}
