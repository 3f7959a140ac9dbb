// libsecret and the GLib below it, loaded when the first keychain call is made: a process that
// needs no keychain, or not yet, pays neither their start-up nor their memory. Their headers are
// used to build, for the types alone.
#pragma once

// The functions that work on D-Bus paths: called unstable, and unchanged since libsecret's first
// release.
#define SECRET_API_SUBJECT_TO_CHANGE
#include <libsecret/secret.h>

namespace hearth::stores {

// Each member is the function of that name.
#define HEARTH_LIBSECRET_FUNCTIONS(X)         \
    X(g_cancellable_cancel)                   \
    X(g_cancellable_is_cancelled)             \
    X(g_cancellable_new)                      \
    X(g_dbus_address_get_for_bus_sync)        \
    X(g_dbus_connection_call_sync)            \
    X(g_dbus_connection_new_for_address_sync) \
    X(g_dbus_connection_set_exit_on_close)    \
    X(g_dbus_error_get_remote_error)          \
    X(g_dbus_error_quark)                     \
    X(g_dbus_error_strip_remote_error)        \
    X(g_error_free)                           \
    X(g_free)                                 \
    X(g_initable_new)                         \
    X(g_io_error_quark)                       \
    X(g_main_context_iteration)               \
    X(g_main_context_new)                     \
    X(g_main_context_pop_thread_default)      \
    X(g_main_context_push_thread_default)     \
    X(g_main_context_unref)                   \
    X(g_object_set)                           \
    X(g_object_unref)                         \
    X(g_strfreev)                             \
    X(g_type_class_peek)                      \
    X(g_type_class_peek_parent)               \
    X(g_type_register_static_simple)          \
    X(g_variant_builder_add)                  \
    X(g_variant_builder_end)                  \
    X(g_variant_builder_init)                 \
    X(g_variant_get_boolean)                  \
    X(g_variant_get_child_value)              \
    X(g_variant_get_string)                   \
    X(g_variant_get_type_string)              \
    X(g_variant_get_variant)                  \
    X(g_variant_n_children)                   \
    X(g_variant_new)                          \
    X(g_variant_take_ref)                     \
    X(g_variant_unref)                        \
    X(secret_service_decode_dbus_secret)      \
    X(secret_service_encode_dbus_secret)      \
    X(secret_service_get_session_dbus_path)   \
    X(secret_service_get_type)                \
    X(secret_service_unlock_dbus_paths_sync)  \
    X(secret_value_get)                       \
    X(secret_value_new)                       \
    X(secret_value_unref)

struct Libsecret {
// NOLINTNEXTLINE(bugprone-macro-parentheses): a name cannot be in parentheses
#define HEARTH_MEMBER(name) decltype(&::name) name = nullptr;
    HEARTH_LIBSECRET_FUNCTIONS(HEARTH_MEMBER)
#undef HEARTH_MEMBER
};

// Null when the library is not installed. Loaded once and never unloaded, for its threads live on.
// Safe from any thread.
const Libsecret* libsecret();

}  // namespace hearth::stores
