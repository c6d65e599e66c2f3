/* Where any of a few short ASCII words stand in an ASCII text, in one pass. */

#include "_native.h"

#define MOST_HINTS 64

typedef struct {
    const unsigned char *text;
    size_t length;
} Hint;

/* Places of the hints in a text, each with the hint's number, in rising order of both. Needs no GIL; -1 without memory. */
static int
scan(const unsigned char *text, size_t length, const Hint *hints, int count, Ints *found)
{
    /* bit of a pair of letters: some hint begins with it */
    uint8_t *pairs = calloc(1 << 13, 1);
    if (!pairs)
        return -1;
    for (int hint = 0; hint < count; hint++) {
        unsigned pair = (unsigned)hints[hint].text[0] << 8 | hints[hint].text[1];
        pairs[pair >> 3] |= (uint8_t)(1u << (pair & 7));
    }
    unsigned pair = length ? text[0] : 0;
    int result = 0;
    for (size_t at = 0; at + 1 < length; at++) {
        pair = (pair << 8 | text[at + 1]) & 0xffff;
        if (!(pairs[pair >> 3] >> (pair & 7) & 1))
            continue;
        for (int hint = 0; hint < count; hint++) {
            const Hint *one = &hints[hint];
            if (one->length > length - at || memcmp(text + at, one->text, one->length) != 0)
                continue;
            if (ints_reserve(found, found->count + 2) < 0) {
                result = -1;
                goto done;
            }
            found->items[found->count++] = (int32_t)at;
            found->items[found->count++] = hint;
        }
    }
done:
    free(pairs);
    return result;
}

PyObject *
native_find_hints(PyObject *Py_UNUSED(module), PyObject *args)
{
    PyObject *text, *words;
    if (!PyArg_ParseTuple(args, "SO!:find_hints", &text, &PyTuple_Type, &words))
        return NULL;
    Py_ssize_t count = PyTuple_Size(words);
    if (count > MOST_HINTS)
        return refuse("hints", "too many");
    char *said;
    Py_ssize_t length;
    if (PyBytes_AsStringAndSize(text, &said, &length) < 0)
        return NULL;
    if (length > INT32_MAX)
        return refuse("text", "too long");
    Hint hints[MOST_HINTS];
    for (Py_ssize_t at = 0; at < count; at++) {
        PyObject *word = PyTuple_GetItem(words, at);
        char *letters;
        Py_ssize_t size;
        if (!word || PyBytes_AsStringAndSize(word, &letters, &size) < 0)
            return NULL;
        if (size < 2)
            return refuse("hints", "too short");
        hints[at] = (Hint){(const unsigned char *)letters, (size_t)size};
    }
    Ints found = {0};
    int result;
    Py_BEGIN_ALLOW_THREADS
    result = scan((const unsigned char *)said, (size_t)length, hints, (int)count, &found);
    Py_END_ALLOW_THREADS
    PyObject *told = result < 0 ? PyErr_NoMemory() : ints_bytes(&found);
    ints_free(&found);
    return told;
}
