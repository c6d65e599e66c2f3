/* What the two halves of ranking share: votes choose the rules, scores order them. */

#ifndef LICSCAN_RANK_H
#define LICSCAN_RANK_H

#include "_native.h"

#define LEAST 16
#define KEPT 128
#define MOST (3 * KEPT)
#define HOLE UINT64_C(0xFFFF)
#define SIZES 65536 /* of the table of token counts: ids that fit a rule's tokens */

typedef struct {
    const int32_t *ids;
    const uint64_t *grams;
    const int32_t *gram_starts, *gram_counts, *set_starts, *lengths;
    const uint16_t *voters, *set_ids, *set_counts;
    const int32_t *min_unique, *min_high_unique, *min_length, *min_high_length, *min_containment;
    size_t id_count, gram_count, voter_count, set_count, rule_count;
    int32_t high;
} Tables;

/* What one call works on. All but the grams is kept for the next call, with votes and counts at zero again: clearing
 * and freeing 400 KB takes longer than ranking a short text. */
typedef struct {
    uint64_t *grams;
    int32_t *votes, *touched;
    uint16_t *counts; /* at most 65,535, as a rule's own counts */
    size_t gram_count, touched_count, rule_count;
} Scratch;

/* The distinct 3-grams of the text that hold a distinctive token and no hole, in no order. -1 without memory. */
int distinct_grams(const Tables *tables, Scratch *scratch);

/* The numbers of the rules that the grams speak for, at most MOST, each once, rising. */
size_t preselect(const Tables *tables, Scratch *scratch, uint64_t *rules);

#endif
