/* Longest matching blocks of a query and a rule, each holding a distinctive token; alignment.py says the rules. */

#include "_native.h"

#define MAX_PAIRS 4096
#define MAX_CELLS 2048
#define SHORTEST 3
#define MAX_TRIES 64

typedef struct {
    int32_t at, place, length;
} Run;

typedef struct {
    Run *items;
    size_t count, room;
} Runs;

typedef struct {
    int32_t q_low, q_high, r_low, r_high;
    size_t runs; /* how many of the pending runs are this window's; those of the last window stand last */
} Window;

typedef struct {
    Window *items;
    size_t count, room;
} Windows;

typedef struct {
    const int32_t *query, *rule;
    int32_t query_count, rule_count, high;
    int32_t *ahead; /* per query position: the first distinctive one from there on */
} Pair;

static int
add_run(Runs *runs, int32_t at, int32_t place, int32_t length)
{
    if (runs->count == runs->room) {
        size_t room = runs->room ? runs->room * 2 : 64;
        Run *items = room > SIZE_MAX / sizeof *items ? NULL : realloc(runs->items, room * sizeof *items);
        if (!items)
            return -1;
        runs->items = items;
        runs->room = room;
    }
    runs->items[runs->count++] = (Run){at, place, length};
    return 0;
}

static int
add_window(Windows *windows, Window window)
{
    if (window.q_low >= window.q_high || window.r_low >= window.r_high)
        return 0;
    if (windows->count == windows->room) {
        size_t room = windows->room ? windows->room * 2 : 64;
        Window *items = room > SIZE_MAX / sizeof *items ? NULL : realloc(windows->items, room * sizeof *items);
        if (!items)
            return -1;
        windows->items = items;
        windows->room = room;
    }
    windows->items[windows->count++] = window;
    return 0;
}

/* The 3-grams of the rule, numbered, and where they stand on both sides. */
typedef struct {
    int32_t *slots;      /* open addressing: the last rule position of a gram, or -1 */
    size_t mask;
    int32_t *before;     /* per rule position: the one before it with the same gram, or -1 */
    int32_t *rule_gram;  /* per rule position: the gram, named by its slot */
    int32_t *query_gram; /* per query position: the same, or -1 */
    int32_t *in_rule, *in_query; /* per slot: how often the gram stands on either side */
} Grams;

static size_t
slot_of(const Grams *grams, const int32_t *rule, const int32_t *gram)
{
    uint64_t hash = (uint32_t)gram[0] * UINT64_C(0x9E3779B97F4A7C15);
    hash = (hash ^ (hash >> 29) ^ (uint32_t)gram[1]) * UINT64_C(0xD6E8FEB86659FD93);
    hash = (hash ^ (hash >> 32) ^ (uint32_t)gram[2]) * UINT64_C(0xBF58476D1CE4E5B9);
    size_t at = (size_t)(hash >> 24) & grams->mask;
    while (grams->slots[at] >= 0 && memcmp(rule + grams->slots[at], gram, SHORTEST * sizeof *gram))
        at = (at + 1) & grams->mask;
    return at;
}

/* 1 where both sides share a gram. `whole` is where the rule stands in the query whole, or -1: no run can be longer, and
 * nothing is left of the rule for another, so the rest of the query need not be looked at. */
static int
number_grams(Grams *grams, const Pair *pair, int32_t *memory, size_t slots, int32_t *whole)
{
    int32_t query_count = pair->query_count - SHORTEST + 1, rule_count = pair->rule_count - SHORTEST + 1;
    int shared = 0;
    grams->mask = slots - 1;
    grams->slots = memory;
    grams->in_rule = grams->slots + slots;
    grams->in_query = grams->in_rule + slots;
    grams->before = grams->in_query + slots;
    grams->rule_gram = grams->before + pair->rule_count;
    grams->query_gram = grams->rule_gram + pair->rule_count;
    memset(grams->slots, 0xFF, slots * sizeof *grams->slots);
    memset(grams->in_rule, 0, 2 * slots * sizeof *grams->in_rule);
    for (int32_t place = 0; place < rule_count; place++) {
        size_t slot = slot_of(grams, pair->rule, pair->rule + place);
        grams->before[place] = grams->slots[slot];
        grams->slots[slot] = place;
        grams->rule_gram[place] = (int32_t)slot;
        grams->in_rule[slot]++;
    }
    int tries = 0;
    *whole = -1;
    for (int32_t at = 0; at < query_count; at++) {
        size_t slot = slot_of(grams, pair->rule, pair->query + at);
        int found = grams->slots[slot] >= 0;
        if ((int32_t)slot == grams->rule_gram[0] && found && at + pair->rule_count <= pair->query_count
            && tries++ < MAX_TRIES
            && !memcmp(pair->query + at, pair->rule, (size_t)pair->rule_count * sizeof *pair->rule)) {
            *whole = at;
            return 0;
        }
        grams->query_gram[at] = found ? (int32_t)slot : -1;
        grams->in_query[slot] += found;
        shared |= found;
    }
    return shared;
}

static int
seeds(const Grams *grams, int32_t slot)
{
    return slot >= 0 && (int64_t)grams->in_query[slot] * grams->in_rule[slot] <= MAX_PAIRS;
}

/* All runs of three equal tokens or more whose every gram seeds. */
static int
collect_runs(const Grams *grams, const Pair *pair, Runs *runs)
{
    int32_t query_count = pair->query_count - SHORTEST + 1, rule_count = pair->rule_count - SHORTEST + 1;
    for (int32_t at = 0; at < query_count; at++) {
        int32_t slot = grams->query_gram[at], last = at ? grams->query_gram[at - 1] : -1;
        if (!seeds(grams, slot))
            continue;
        if (!seeds(grams, last))
            last = -1;
        for (int32_t place = grams->slots[slot]; place >= 0; place = grams->before[place]) {
            if (last >= 0 && place && grams->rule_gram[place - 1] == last)
                continue; /* inside a run that is told already */
            int32_t more = 1;
            while (at + more < query_count && place + more < rule_count
                   && grams->query_gram[at + more] == grams->rule_gram[place + more]
                   && seeds(grams, grams->query_gram[at + more]))
                more++;
            if (add_run(runs, at, place, more + SHORTEST - 1) < 0)
                return -1;
        }
    }
    return 0;
}

/* The runs; where the rule stands whole, the first such run alone, and the query ends behind it. */
static int
find_runs(Pair *pair, Runs *runs)
{
    if (pair->query_count < SHORTEST || pair->rule_count < SHORTEST)
        return 0;
    size_t slots = 16;
    while (slots < 2 * (size_t)pair->rule_count)
        slots *= 2;
    size_t room = 3 * slots + 2 * (size_t)pair->rule_count + (size_t)pair->query_count;
    int32_t *memory = room > SIZE_MAX / sizeof *memory ? NULL : malloc(room * sizeof *memory);
    if (!memory)
        return -1;
    Grams grams;
    int32_t whole;
    int status = number_grams(&grams, pair, memory, slots, &whole) ? collect_runs(&grams, pair, runs) : 0;
    if (whole >= 0) {
        status = add_run(runs, whole, 0, pair->rule_count);
        pair->query_count = whole + pair->rule_count;
    }
    free(memory);
    return status;
}

/* The part of a run inside the window; 0 where it is too short or holds no distinctive token. */
static int
clip(const Pair *pair, Run *run, const Window *window)
{
    int32_t cut = window->q_low - run->at, other = window->r_low - run->place;
    cut = cut > other ? cut : other;
    if (cut > 0) {
        run->at += cut;
        run->place += cut;
        run->length -= cut;
    }
    if (run->length > window->q_high - run->at)
        run->length = window->q_high - run->at;
    if (run->length > window->r_high - run->place)
        run->length = window->r_high - run->place;
    return run->length >= SHORTEST && pair->ahead[run->at] < run->at + run->length;
}

/* The window's runs stand last; each is cut to its part before the block, and its part behind goes to `behind`. */
static int
split(const Pair *pair, Runs *runs, Runs *behind, Window *left, Window *right)
{
    size_t first = runs->count - left->runs, kept = first;
    behind->count = 0;
    for (size_t at = first; at < runs->count; at++) {
        Run run = runs->items[at];
        if (clip(pair, &run, right) && add_run(behind, run.at, run.place, run.length) < 0)
            return -1;
        run = runs->items[at];
        if (clip(pair, &run, left))
            runs->items[kept++] = run;
    }
    left->runs = kept - first;
    right->runs = behind->count;
    runs->count = kept;
    for (size_t at = 0; at < behind->count; at++)
        if (add_run(runs, behind->items[at].at, behind->items[at].place, behind->items[at].length) < 0)
            return -1;
    return 0;
}

static int
longest(const Runs *runs, size_t count, Run *best)
{
    *best = (Run){0, 0, 0};
    for (size_t at = runs->count - count; at < runs->count; at++) {
        const Run *run = &runs->items[at];
        if (run->length > best->length
            || (run->length == best->length
                && (run->at < best->at || (run->at == best->at && run->place < best->place))))
            *best = *run;
    }
    return best->length > 0;
}

/* The first run of two tokens in a small window, else the first single distinctive one. */
static int
longest_short(const Pair *pair, const Window *window, Run *best)
{
    *best = (Run){0, 0, 0};
    if ((int64_t)(window->q_high - window->q_low) * (window->r_high - window->r_low) > MAX_CELLS)
        return 0;
    for (int32_t at = window->q_low; at < window->q_high; at++) {
        int32_t token = pair->query[at], next = at + 1 < window->q_high ? pair->query[at + 1] : -1;
        if (token < 0 || (best->length && next < 0))
            continue;
        int pairs = next >= 0 && (token < pair->high || next < pair->high);
        for (int32_t place = window->r_low; place < window->r_high; place++) {
            if (pair->rule[place] != token)
                continue;
            if (pairs && place + 1 < window->r_high && pair->rule[place + 1] == next) {
                *best = (Run){at, place, 2};
                return 1;
            }
            if (!best->length && token < pair->high)
                *best = (Run){at, place, 1};
        }
    }
    return best->length > 0;
}

static int
find_blocks(const Pair *pair, Runs *runs, Runs *behind, Windows *windows, Runs *blocks)
{
    Window whole = {0, pair->query_count, 0, pair->rule_count, 0}, nothing = {0, 0, 0, 0, 0};
    whole.runs = runs->count;
    if (split(pair, runs, behind, &whole, &nothing) < 0 || add_window(windows, whole) < 0)
        return -1;
    while (windows->count) {
        Window window = windows->items[--windows->count], left = window, right = window;
        Run best;
        if (!longest(runs, window.runs, &best) && !longest_short(pair, &window, &best)) {
            runs->count -= window.runs;
            continue;
        }
        left.q_high = best.at;
        left.r_high = best.place;
        right.q_low = best.at + best.length;
        right.r_low = best.place + best.length;
        if (add_run(blocks, best.at, best.place, best.length) < 0 || split(pair, runs, behind, &left, &right) < 0
            || add_window(windows, left) < 0 || add_window(windows, right) < 0)
            return -1;
    }
    return 0;
}

static int
align(Pair *pair, Runs *blocks)
{
    Runs runs = {0}, behind = {0};
    Windows windows = {0};
    int status = find_runs(pair, &runs);
    pair->ahead = status < 0 ? NULL : malloc(((size_t)pair->query_count + 1) * sizeof *pair->ahead);
    if (pair->ahead) {
        int32_t next = INT32_MAX;
        for (int32_t at = pair->query_count; at >= 0; at--) {
            if (at < pair->query_count && pair->query[at] >= 0 && pair->query[at] < pair->high)
                next = at;
            pair->ahead[at] = next;
        }
        status = find_blocks(pair, &runs, &behind, &windows, blocks);
    }
    else
        status = -1;
    free(pair->ahead);
    free(runs.items);
    free(behind.items);
    free(windows.items);
    return status;
}

static int
by_place(const void *left, const void *right)
{
    int32_t a = ((const Run *)left)->at, b = ((const Run *)right)->at;
    return (a > b) - (a < b);
}

static PyObject *
as_list(const Runs *blocks)
{
    PyObject *list = PyList_New((Py_ssize_t)blocks->count);
    for (size_t at = 0; list && at < blocks->count; at++) {
        const Run *run = &blocks->items[at];
        PyObject *block = Py_BuildValue("(iii)", (int)run->at, (int)run->place, (int)run->length);
        if (!block || PyList_SetItem(list, (Py_ssize_t)at, block) < 0)
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *
aligned(Pair *pair)
{
    Runs blocks = {0};
    int status;
    Py_BEGIN_ALLOW_THREADS
    status = align(pair, &blocks);
    if (status >= 0 && blocks.count)
        qsort(blocks.items, blocks.count, sizeof *blocks.items, by_place);
    Py_END_ALLOW_THREADS
    PyObject *list = status < 0 ? PyErr_NoMemory() : as_list(&blocks);
    free(blocks.items);
    return list;
}

/* align(query, rule, high) -> list of (query start, rule start, length); both int32. */
PyObject *
native_align(PyObject *module, PyObject *args)
{
    PyObject *query, *rule, *list = NULL;
    Arrays arrays = {.open = 0};
    Pair pair = {0};
    size_t query_count, rule_count;
    int high;
    (void)module;
    if (!PyArg_ParseTuple(args, "OOi", &query, &rule, &high))
        return NULL;
    pair.high = high;
    if ((pair.query = array_of(&arrays, query, sizeof *pair.query, "query", &query_count))
        && (pair.rule = array_of(&arrays, rule, sizeof *pair.rule, "rule", &rule_count))) {
        if (query_count > INT32_MAX / 2 || rule_count > INT32_MAX / 8)
            refuse("align", "too many tokens");
        else {
            pair.query_count = (int32_t)query_count;
            pair.rule_count = (int32_t)rule_count;
            list = aligned(&pair);
        }
    }
    arrays_close(&arrays);
    return list;
}
