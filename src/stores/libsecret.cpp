#include "stores/libsecret.hpp"

#include <dlfcn.h>

#include <optional>

namespace hearth::stores {
namespace {

std::optional<Libsecret> loaded() {
    // GLib's functions are found through it too: a look-up goes on to what a library depends on.
    void* const library = ::dlopen("libsecret-1.so.0", RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (library == nullptr) return {};
    Libsecret table;
    bool whole = true;
#define HEARTH_LOOK_UP(name)                                                      \
    table.name = reinterpret_cast<decltype(table.name)>(::dlsym(library, #name)); \
    whole = whole && table.name != nullptr;
    HEARTH_LIBSECRET_FUNCTIONS(HEARTH_LOOK_UP)
#undef HEARTH_LOOK_UP
    if (!whole) return {};
    return table;
}

}  // namespace

const Libsecret* libsecret() {
    static const std::optional<Libsecret> table = loaded();
    return table ? &*table : nullptr;
}

}  // namespace hearth::stores
