/* All occurrences of all rules: an anchor 4-gram per rule behind a bitmap, then the rule's own tokens. */

#include "_native.h"

#define HOLE UINT64_C(0xFFFF)
#define SPREAD UINT64_C(0xD6E8FEB86659FD93)
#define SLOT_SHIFT 44
#define SLOTS ((size_t)1 << 20)

typedef struct {
    const int32_t *ids;
    const uint16_t *tokens;
    const int32_t *offsets, *anchor_rules, *anchor_places, *short_rules;
    const uint64_t *anchors, *shorts;
    const uint8_t *bitmap;
    size_t id_count, token_count, offset_count, anchor_count, short_count;
} Tables;

/* Position and rule in one number, so that sorting is by position, then rule. */
typedef struct {
    uint64_t *items;
    size_t count, room;
} Hits;

static int
hit(Hits *hits, size_t position, int32_t rule)
{
    if (hits->count == hits->room) {
        size_t room = hits->room ? hits->room * 2 : 256;
        uint64_t *items = room > SIZE_MAX / sizeof *items ? NULL : realloc(hits->items, room * sizeof *items);
        if (!items)
            return -1;
        hits->items = items;
        hits->room = room;
    }
    hits->items[hits->count++] = (uint64_t)position << 32 | (uint32_t)rule;
    return 0;
}

static int
by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

/* The first place of a sorted table whose item is not below `gram`. */
static size_t
lower_bound(const uint64_t *table, size_t count, uint64_t gram)
{
    const uint64_t *base = table;
    while (count > 1) {
        size_t half = count / 2;
        base += (base[half - 1] < gram) * half;
        count -= half;
    }
    return (size_t)(base - table) + (count && *base < gram);
}

static int
may_stand(const Tables *tables, uint64_t gram)
{
    return tables->bitmap[gram * SPREAD >> SLOT_SHIFT];
}

/* Whether the rule stands at `begin`; a table that contradicts itself says no. */
static int
stands(const Tables *tables, int32_t rule, size_t begin)
{
    if (rule < 0 || (size_t)rule + 1 >= tables->offset_count)
        return 0;
    int32_t start = tables->offsets[rule], end = tables->offsets[rule + 1];
    if (start < 0 || end < start || (size_t)end > tables->token_count
        || (size_t)(end - start) > tables->id_count - begin)
        return 0;
    const uint16_t *tokens = tables->tokens + start;
    const int32_t *ids = tables->ids + begin;
    for (int32_t at = 0; at < end - start; at++)
        if (ids[at] != tokens[at])
            return 0;
    return 1;
}

static int
long_rules(const Tables *tables, uint64_t gram, size_t at, Hits *hits)
{
    for (size_t entry = lower_bound(tables->anchors, tables->anchor_count, gram);
         entry < tables->anchor_count && tables->anchors[entry] == gram; entry++) {
        int32_t inside = tables->anchor_places[entry], rule = tables->anchor_rules[entry];
        if (inside >= 0 && (size_t)inside <= at && stands(tables, rule, at - (size_t)inside)
            && hit(hits, at - (size_t)inside, rule) < 0)
            return -1;
    }
    return 0;
}

static int
short_rules(const Tables *tables, uint64_t gram, size_t at, Hits *hits)
{
    for (size_t entry = lower_bound(tables->shorts, tables->short_count, gram);
         entry < tables->short_count && tables->shorts[entry] == gram; entry++)
        if (hit(hits, at, tables->short_rules[entry]) < 0)
            return -1;
    return 0;
}

/* At each position the grams of one, two, three and four tokens, filled up with HOLE. */
static int
find(const Tables *tables, Hits *hits)
{
    uint64_t gram = UINT64_MAX; /* the four tokens from `at` on, the first lowest */
    for (size_t ahead = 0; ahead < 3; ahead++)
        gram = gram >> 16 | (ahead < tables->id_count ? (uint64_t)tables->ids[ahead] & HOLE : HOLE) << 48;
    for (size_t at = 0; at < tables->id_count; at++) {
        gram = gram >> 16 | (at + 3 < tables->id_count ? (uint64_t)tables->ids[at + 3] & HOLE : HOLE) << 48;
        for (int size = 1; size < 4; size++) {
            uint64_t part = gram | UINT64_MAX << (16 * size);
            if ((gram >> (16 * (size - 1)) & HOLE) == HOLE)
                break; /* what goes on over a hole is no gram */
            if (may_stand(tables, part) && short_rules(tables, part, at, hits) < 0)
                return -1;
        }
        if (may_stand(tables, gram) && at + 4 <= tables->id_count && long_rules(tables, gram, at, hits) < 0)
            return -1;
    }
    if (hits->count)
        qsort(hits->items, hits->count, sizeof *hits->items, by_number);
    return 0;
}

/* (positions, rules) as bytes of int32. */
static PyObject *
as_pair(const Hits *hits)
{
    Py_ssize_t size = (Py_ssize_t)(hits->count * sizeof(int32_t));
    PyObject *positions = PyBytes_FromStringAndSize(NULL, size), *rules = PyBytes_FromStringAndSize(NULL, size);
    PyObject *pair = positions && rules ? PyTuple_Pack(2, positions, rules) : NULL;
    if (pair) {
        char *position = PyBytes_AsString(positions), *rule = PyBytes_AsString(rules);
        for (size_t at = 0; at < hits->count; at++) {
            int32_t place = (int32_t)(hits->items[at] >> 32), number = (int32_t)(uint32_t)hits->items[at];
            memcpy(position + at * sizeof place, &place, sizeof place);
            memcpy(rule + at * sizeof number, &number, sizeof number);
        }
    }
    Py_XDECREF(positions);
    Py_XDECREF(rules);
    return pair;
}

static PyObject *
found(const Tables *tables)
{
    Hits hits = {0};
    int status;
    Py_BEGIN_ALLOW_THREADS
    status = find(tables, &hits);
    Py_END_ALLOW_THREADS
    PyObject *pair = status < 0 ? PyErr_NoMemory() : as_pair(&hits);
    free(hits.items);
    return pair;
}

static PyObject *
check_and_find(Arrays *arrays, PyObject *const *objects)
{
    Tables t;
    size_t rules, places, numbers, slots;
    if (!(t.ids = array_of(arrays, objects[0], 4, "ids", &t.id_count))
        || !(t.tokens = array_of(arrays, objects[1], 2, "tokens", &t.token_count))
        || !(t.offsets = array_of(arrays, objects[2], 4, "offsets", &t.offset_count))
        || !(t.anchors = array_of(arrays, objects[3], 8, "anchors", &t.anchor_count))
        || !(t.anchor_rules = array_of(arrays, objects[4], 4, "anchor_rules", &rules))
        || !(t.anchor_places = array_of(arrays, objects[5], 4, "anchor_places", &places))
        || !(t.shorts = array_of(arrays, objects[6], 8, "short", &t.short_count))
        || !(t.short_rules = array_of(arrays, objects[7], 4, "short_rules", &numbers))
        || !(t.bitmap = array_of(arrays, objects[8], 1, "bitmap", &slots)))
        return NULL;
    if (rules != t.anchor_count || places != t.anchor_count || numbers != t.short_count || slots < SLOTS)
        return refuse("find_exact", "tables of different lengths, or a bitmap that is too small");
    if (t.id_count > INT32_MAX)
        return refuse("find_exact", "2^31 tokens or more");
    return found(&t);
}

/* find_exact(ids, tokens, offsets, anchors, anchor_rules, anchor_places, short, short_rules, bitmap)
 * -> (positions, rules), each bytes of int32, sorted by position, then rule. */
PyObject *
native_find_exact(PyObject *module, PyObject *args)
{
    PyObject *o[9], *pair;
    Arrays arrays = {.open = 0};
    (void)module;
    if (!PyArg_ParseTuple(args, "OOOOOOOOO", &o[0], &o[1], &o[2], &o[3], &o[4], &o[5], &o[6], &o[7], &o[8]))
        return NULL;
    pair = check_and_find(&arrays, o);
    arrays_close(&arrays);
    return pair;
}
