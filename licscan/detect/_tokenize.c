/* Text to token ids: the pattern [^_\W]+\+?[^_\W]* over lower-cased text, one pass over its UTF-8. */

#include "_native.h"

#define VOCABULARY "licscan.detect._native.vocabulary"
#define PAGES 0x1100 /* of 256 code points each */
#define MISSING INT32_MIN

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
    uint8_t known[PAGES];        /* pages of `alnum` that are filled; read and written under the GIL */
    uint8_t alnum[PAGES][32];    /* str.isalnum of every code point of a filled page */
    uint8_t kinds[256];
} Vocabulary;

static uint64_t
mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 32);
}

/* The first `length` (at most eight) bytes; `room` bytes may be read. */
static uint64_t
load(const unsigned char *text, size_t length, size_t room)
{
    uint64_t value = 0;
    if (room >= 8) {
        memcpy(&value, text, 8);
        if (length < 8) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
            value &= ~(UINT64_MAX >> (8 * length));
#else
            value &= (UINT64_C(1) << (8 * length)) - 1;
#endif
        }
        return value;
    }
    memcpy(&value, text, length);
    return value;
}

static int32_t
look_up(const Vocabulary *vocabulary, const unsigned char *text, size_t length, size_t room)
{
    size_t first = length < 8 ? length : 8;
    uint64_t head = load(text, first, room), hash = mix(length, head);
    for (size_t at = 8; at < length; at += 8) {
        size_t part = length - at < 8 ? length - at : 8;
        hash = mix(hash, load(text + at, part, room - at));
    }
    uint32_t check = (uint32_t)(hash >> 32);
    for (uint32_t at = (uint32_t)hash & vocabulary->mask;; at = (at + 1) & vocabulary->mask) {
        const Slot *slot = &vocabulary->slots[at];
        if (!slot->length)
            return MISSING;
        if (slot->head == head && slot->check == check && slot->length == length
            && (length <= 8 || !memcmp(vocabulary->words + slot->start + 8, text + 8, length - 8)))
            return slot->id;
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
insert(Vocabulary *vocabulary, uint32_t start, uint32_t length, uint32_t size, int32_t id)
{
    const unsigned char *text = (const unsigned char *)vocabulary->words + start;
    size_t room = size - start;
    if (!length || look_up(vocabulary, text, length, room) != MISSING)
        return;
    uint64_t head = load(text, length < 8 ? length : 8, room), hash = mix(length, head);
    for (size_t at = 8; at < length; at += 8)
        hash = mix(hash, load(text + at, length - at < 8 ? length - at : 8, room - at));
    uint32_t at = (uint32_t)hash & vocabulary->mask;
    while (vocabulary->slots[at].length)
        at = (at + 1) & vocabulary->mask;
    vocabulary->slots[at] = (Slot){head, start, length, id, (uint32_t)(hash >> 32)};
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
    vocabulary->words = malloc(size + 1);
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
            insert(vocabulary, (uint32_t)start, (uint32_t)(at - start), (uint32_t)size, ids[index++]);
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

/* Asks Python which code points of a page are word characters. */
static int
fill_page(Vocabulary *vocabulary, uint32_t page)
{
    uint8_t bits[32] = {0};
    for (uint32_t low = 0; low < 256; low++) {
        PyObject *character = PyUnicode_FromOrdinal((int)(page * 256 + low));
        PyObject *answer = character ? PyObject_CallMethod(character, "isalnum", NULL) : NULL;
        Py_XDECREF(character);
        if (!answer)
            return -1;
        if (answer == Py_True)
            bits[low >> 3] |= (uint8_t)(1u << (low & 7));
        Py_DECREF(answer);
    }
    memcpy(vocabulary->alnum[page], bits, sizeof bits);
    vocabulary->known[page] = 1;
    return 0;
}

/* Fills the pages that `text` needs, under the GIL, so that the pass itself only reads. */
static int
fill_pages(Vocabulary *vocabulary, const unsigned char *text, size_t size)
{
    size_t at = 0, bytes;
    while (at < size) {
        if (text[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t page = decode(text + at, size - at, &bytes) >> 8;
        if (!vocabulary->known[page] && fill_page(vocabulary, page) < 0)
            return -1;
        at += bytes;
    }
    return 0;
}

static int
is_wide_word(const Vocabulary *vocabulary, uint32_t point)
{
    return vocabulary->alnum[point >> 8][(point & 255) >> 3] >> (point & 7) & 1;
}

/* The end of the run of word characters at `at`; `extra` grows by the bytes that are not a character of their own. */
static size_t
run_end(const Vocabulary *vocabulary, const unsigned char *text, size_t at, size_t size, size_t *extra)
{
    size_t bytes;
    while (at < size) {
        uint8_t kind = vocabulary->kinds[text[at]];
        if (kind == WORD)
            at++;
        else if (kind == WIDE && is_wide_word(vocabulary, decode(text + at, size - at, &bytes))) {
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
scan(const Vocabulary *vocabulary, const unsigned char *text, size_t size, Tokens *tokens)
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
        if (kind == WIDE && !is_wide_word(vocabulary, decode(text + at, size - at, &bytes))) {
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
        int32_t id = look_up(vocabulary, text + start, at - start, size - start);
        if (id < 0) {
            Ints *counts = id == MISSING ? &tokens->unknown : &tokens->stops;
            counts->items[count]++;
            continue;
        }
        if (count + 2 > tokens->ids.room && reserve(tokens, count + 2) < 0)
            return -1;
        tokens->ids.items[count] = id;
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

/* tokenize(text: lower-cased str, vocabulary) -> (ids, lines, starts, ends, unknown, stops), each bytes of int32. */
PyObject *
native_tokenize(PyObject *module, PyObject *args)
{
    PyObject *text, *capsule, *utf8, *answer = NULL;
    char *bytes;
    Py_ssize_t size;
    (void)module;
    if (!PyArg_ParseTuple(args, "UO", &text, &capsule))
        return NULL;
    Vocabulary *vocabulary = PyCapsule_GetPointer(capsule, VOCABULARY);
    if (!vocabulary || !(utf8 = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass")))
        return NULL;
    if (PyBytes_AsStringAndSize(utf8, &bytes, &size) < 0)
        goto done;
    if (size > INT32_MAX - 64) {
        PyErr_SetString(PyExc_ValueError, "tokenize: text of 2 GiB or more");
        goto done;
    }
    if (PyUnicode_GetLength(text) != size && fill_pages(vocabulary, (unsigned char *)bytes, (size_t)size) < 0)
        goto done;
    Tokens tokens;
    int status;
    memset(&tokens, 0, sizeof tokens);
    Py_BEGIN_ALLOW_THREADS
    status = scan(vocabulary, (unsigned char *)bytes, (size_t)size, &tokens);
    Py_END_ALLOW_THREADS
    answer = status < 0 ? PyErr_NoMemory() : as_tuple(&tokens);
    ints_free(&tokens.ids);
    ints_free(&tokens.lines);
    ints_free(&tokens.starts);
    ints_free(&tokens.ends);
    ints_free(&tokens.unknown);
    ints_free(&tokens.stops);
done:
    Py_DECREF(utf8);
    return answer;
}
