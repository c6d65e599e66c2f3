/* Votes of distinctive 3-grams: which rules are worth a closer look; candidates.py says the rules. */

#include "_rank.h"

/* A rule with what it is kept for: the higher, the better; then by votes, then the lower number. */
typedef struct {
    int64_t worth, votes;
    int32_t rule;
} Vote;

typedef struct {
    Vote best[KEPT];
    size_t count;
} Keepers;

static int
by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

int
distinct_grams(const Tables *tables, Scratch *scratch)
{
    size_t count = tables->id_count < 3 ? 0 : tables->id_count - 2, slots = 16;
    while (slots < 2 * count)
        slots *= 2;
    uint64_t *seen = malloc(slots * sizeof *seen), gram = 0;
    if (!seen || !(scratch->grams = malloc((count + 1) * sizeof *scratch->grams))) {
        free(seen);
        return -1;
    }
    memset(seen, 0xFF, slots * sizeof *seen); /* no gram has 64 bits */
    size_t run = 0, dull = 3;                 /* tokens since the last hole, and since the last distinctive one */
    for (size_t at = 0; at < tables->id_count; at++) {
        run = tables->ids[at] >= 0 ? run + 1 : 0;
        dull = tables->ids[at] < tables->high ? 0 : dull + 1;
        gram = gram >> 16 | ((uint64_t)tables->ids[at] & HOLE) << 32;
        if (run < 3 || dull > 2)
            continue;
        size_t slot = (size_t)(gram * UINT64_C(0x9E3779B97F4A7C15) >> 24) & (slots - 1);
        while (seen[slot] != UINT64_MAX && seen[slot] != gram)
            slot = (slot + 1) & (slots - 1);
        if (seen[slot] == UINT64_MAX)
            scratch->grams[scratch->gram_count++] = seen[slot] = gram;
    }
    free(seen);
    return 0;
}

/* For `many` grams at once the first place in the table that is not below each: the waits for memory overlap. */
static void
lower_bounds(const Tables *tables, const uint64_t *grams, size_t many, size_t *places)
{
    size_t left = tables->gram_count;
    for (size_t k = 0; k < many; k++)
        places[k] = 0;
    while (left > 1) {
        size_t half = left / 2;
        for (size_t k = 0; k < many; k++)
            places[k] += (tables->grams[places[k] + half - 1] < grams[k]) * half;
        left -= half;
    }
    for (size_t k = 0; k < many; k++)
        places[k] += left && tables->grams[places[k]] < grams[k];
}

static void
vote(const Tables *tables, Scratch *scratch, size_t gram)
{
    int32_t start = tables->gram_starts[gram], end = tables->gram_starts[gram + 1];
    if (start < 0 || end < start || (size_t)end > tables->voter_count)
        return;
    for (int32_t at = start; at < end; at++) {
        uint16_t rule = tables->voters[at];
        if (rule >= tables->rule_count)
            continue;
        scratch->touched[scratch->touched_count] = rule; /* stays only where it is the rule's first vote */
        scratch->touched_count += !scratch->votes[rule]++;
    }
}

static void
vote_all(const Tables *tables, Scratch *scratch)
{
    size_t places[32];
    for (size_t first = 0; first < scratch->gram_count; first += 32) {
        size_t many = scratch->gram_count - first < 32 ? scratch->gram_count - first : 32;
        lower_bounds(tables, scratch->grams + first, many, places);
        for (size_t k = 0; k < many; k++)
            if (places[k] < tables->gram_count && tables->grams[places[k]] == scratch->grams[first + k])
                vote(tables, scratch, places[k]);
    }
}

static int
vote_before(const Vote *a, const Vote *b)
{
    if (a->worth != b->worth)
        return a->worth > b->worth;
    if (a->votes != b->votes)
        return a->votes > b->votes;
    return a->rule < b->rule;
}

/* The worth below which a vote cannot come in any more: half of the best, but LEAST are kept. */
static int64_t
least_worth(const Keepers *keepers)
{
    if (keepers->count < LEAST)
        return 0;
    int64_t half = (keepers->best[0].worth + 1) / 2, last = keepers->best[LEAST - 1].worth;
    return half < last ? half : last;
}

/* Keeps the best votes in order. */
static void
keep(Keepers *keepers, Vote vote)
{
    if (vote.worth < least_worth(keepers))
        return;
    if (keepers->count == KEPT && !vote_before(&vote, &keepers->best[KEPT - 1]))
        return;
    size_t at = keepers->count < KEPT ? keepers->count++ : KEPT - 1;
    for (; at && vote_before(&vote, &keepers->best[at - 1]); at--)
        keepers->best[at] = keepers->best[at - 1];
    keepers->best[at] = vote;
}

/* Those that came in before a better one showed what half of the best is go again. */
static size_t
kept(const Keepers *keepers)
{
    size_t count = keepers->count;
    while (count > LEAST && keepers->best[count - 1].worth * 2 < keepers->best[0].worth)
        count--;
    return count;
}

/* Whether a share of so many votes is below all that are kept by share and by both: what the division would say too. */
static int
hopeless(const Keepers *by_share, const Keepers *by_both, int64_t votes, int64_t total)
{
    return votes * 65536 < least_worth(by_share) * total && votes * (votes * 65536) < least_worth(by_both) * total;
}

size_t
preselect(const Tables *tables, Scratch *scratch, uint64_t *rules)
{
    Keepers lists[3] = {{.count = 0}, {.count = 0}, {.count = 0}}; /* by votes, by share, by both */
    size_t count = 0, distinct = 0;
    vote_all(tables, scratch);
    for (size_t at = 0; at < scratch->touched_count; at++) {
        int32_t rule = scratch->touched[at], total = tables->gram_counts[rule];
        int64_t votes = scratch->votes[rule];
        keep(&lists[0], (Vote){votes, votes, rule});
        if (total <= 0 || hopeless(&lists[1], &lists[2], votes, total))
            continue;
        int64_t share = votes * 65536 / total;
        keep(&lists[1], (Vote){share, votes, rule});
        keep(&lists[2], (Vote){votes * share, votes, rule});
    }
    for (size_t list = 0; list < 3; list++)
        for (size_t at = 0, all = kept(&lists[list]); at < all; at++)
            rules[count++] = (uint64_t)lists[list].best[at].rule;
    if (count)
        qsort(rules, count, sizeof *rules, by_number);
    for (size_t at = 0; at < count; at++)
        if (!at || rules[at] != rules[at - 1])
            rules[distinct++] = rules[at];
    return distinct;
}
