/* From words and their ids to the table that tokenize looks them up in. */

#include "_vocabulary.h"

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
    if (slot && !slot->length)
        *slot = (Slot){load(text, length), start, length, id};
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
    Py_buffer words;
    Arrays arrays = {.open = 0};
    size_t count;
    (void)module;
    /* no format with `#`: built by Python 3.13 or later, it would fail on those before */
    if (!PyArg_ParseTuple(args, "y*O", &words, &object))
        return NULL;
    const int32_t *ids = array_of(&arrays, object, sizeof *ids, "ids", &count);
    if (ids)
        capsule = vocabulary_capsule(words.buf, (size_t)words.len, ids, count);
    arrays_close(&arrays);
    PyBuffer_Release(&words);
    return capsule;
}
