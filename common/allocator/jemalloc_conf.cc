// How jemalloc, which the programs of a release build are linked with, keeps what was freed.
//
// By its defaults (four arenas a core, up to 200 free objects of each size up to 32 KiB in each thread) a
// process of twenty threads goes on growing for hours at a steady load, until each thread has met each size;
// and pages that are free go back only when the same arena is asked for more. So: two arenas, eight objects
// of each size up to 1 KiB in a thread, and a thread of jemalloc's own that gives pages back after a second.
// Without any objects in the threads a check would cost an eighth more (docs/benchmarks.md, "Endurance").

// The symbol that jemalloc reads (jemalloc(3), TUNING); /etc/malloc.conf and MALLOC_CONF still come after it.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf =
    "narenas:2,tcache_nslots_small_max:8,tcache_max:1024,background_thread:true,dirty_decay_ms:1000";
}
