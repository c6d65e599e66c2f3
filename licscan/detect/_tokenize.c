/* Text to token ids, one pass over the UTF-8 of its small letters. A word is one character of a script without
 * spaces, or a run of letters and digits with at most one plus sign at its end or inside: the pattern of tokenizer.py. */

#include "_vocabulary.h"

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

/* Whether a character is a word by itself: UNSPACED_RANGES of tokenizer.py. */
static int
stands_alone(uint32_t point)
{
    static const uint32_t ranges[][2] = {
        {0x3005, 0x3007}, {0x3041, 0x3096}, {0x309D, 0x309F}, {0x30A1, 0x30FA}, {0x30FC, 0x30FF},   {0x31F0, 0x31FF},
        {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0xFF66, 0xFF9F}, {0x20000, 0x3FFFF},
    };
    if (point < ranges[0][0])
        return 0;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (point <= ranges[i][1])
            return point >= ranges[i][0];
    return 0;
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
        word &= !stands_alone(page * 256 + low);
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

#if defined(__GNUC__) && defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* The top bit of each of eight bytes that is neither a small ASCII letter nor a digit. */
static uint64_t
breaks(uint64_t bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t low = bytes & ~tops; /* so that no sum below carries into the next byte */
    uint64_t letters = (low + ones * (128 - 'a')) & ~(low + ones * (127 - 'z'));
    uint64_t digits = (low + ones * (128 - '0')) & ~(low + ones * (127 - '9'));
    return (~(letters | digits) | bytes) & tops;
}

/* The end of the small ASCII letters and digits at `at`, eight bytes at a time: most words take one step. */
static size_t
ascii_end(const unsigned char *text, size_t at)
{
    uint64_t found;
    while (!(found = breaks(load(text + at, PADDING))))
        at += PADDING; /* the padding breaks, so this ends */
    return at + (size_t)__builtin_ctzll(found) / 8;
}
#else
static size_t
ascii_end(const unsigned char *text, size_t at)
{
    while ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= '0' && text[at] <= '9'))
        at++;
    return at;
}
#endif

/* The end of the word at `at`; `at` itself where there is none. */
static size_t
word_end(Vocabulary *vocabulary, const unsigned char *text, size_t at, size_t size, size_t *extra)
{
    size_t bytes;
    if (vocabulary->kinds[text[at]] == WIDE && stands_alone(decode(text + at, size - at, &bytes))) {
        *extra += bytes - 1;
        return at + bytes;
    }
    size_t end = ascii_end(text, at);
    if (text[end] < 0x80 && text[end] != '+')
        return end;
    end = run_end(vocabulary, text, end, size, extra);
    if (end > at && end < size && text[end] == '+')
        return run_end(vocabulary, text, end + 1, size, extra);
    return end;
}

static int
add(Tokens *tokens, const Slot *slot, int32_t line, size_t start, size_t end)
{
    size_t count = tokens->ids.count;
    if (!slot->length || slot->id < 0) {
        (slot->length ? &tokens->stops : &tokens->unknown)->items[count]++;
        return 0;
    }
    if (count + 2 > tokens->ids.room && reserve(tokens, count + 2) < 0)
        return -1;
    tokens->ids.items[count] = slot->id;
    tokens->lines.items[count] = line;
    tokens->starts.items[count] = (int32_t)start;
    tokens->ends.items[count] = (int32_t)end;
    count++;
    tokens->unknown.items[count] = tokens->stops.items[count] = 0;
    tokens->ids.count = tokens->lines.count = tokens->starts.count = tokens->ends.count = count;
    return 0;
}

static int
scan(Vocabulary *vocabulary, const unsigned char *text, size_t size, Tokens *tokens)
{
    size_t at = 0, extra = 0, bytes = 1; /* extra: bytes so far that are no character of their own */
    int32_t line = 1;
    if (reserve(tokens, size / 8 + 16) < 0)
        return -1;
    tokens->unknown.items[0] = tokens->stops.items[0] = 0;
    while (at < size) {
        uint8_t kind = vocabulary->kinds[text[at]];
        if (kind != WORD && kind != WIDE) {
            line += kind == NEWLINE;
            at++;
            continue;
        }
        size_t before = extra, end = word_end(vocabulary, text, at, size, &extra);
        if (end == at) { /* a character beyond ASCII that is of no word */
            decode(text + at, size - at, &bytes);
            at += bytes;
            extra += bytes - 1;
            continue;
        }
        if (add(tokens, look_up(vocabulary, text + at, end - at), line, at - before, end - extra) < 0)
            return -1;
        at = end;
    }
    tokens->unknown.count = tokens->stops.count = tokens->ids.count + 1;
    return 0;
}

static PyObject *
as_tuple(const Tokens *tokens)
{
    const Ints *all[] = {&tokens->ids,  &tokens->lines,   &tokens->starts,
                         &tokens->ends, &tokens->unknown, &tokens->stops};
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
