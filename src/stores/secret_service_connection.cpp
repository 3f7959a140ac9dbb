#include "stores/secret_service_connection.hpp"

#include <array>
#include <string_view>

#include "core/try.hpp"

namespace hearth::stores {
namespace {

using Kind = ServiceFailure::Kind;

constexpr const char* bus_name = "org.freedesktop.secrets";
constexpr const char* service_path = "/org/freedesktop/secrets";
constexpr const char* service_interface = "org.freedesktop.Secret.Service";
constexpr const char* collection_interface = "org.freedesktop.Secret.Collection";
constexpr const char* item_interface = "org.freedesktop.Secret.Item";
constexpr const char* prompt_interface = "org.freedesktop.Secret.Prompt";
constexpr const char* property_interface = "org.freedesktop.DBus.Properties";
constexpr std::string_view no_object_path = "/";

// What GLib's own macro of that name does without asking GLib.
const GVariantType* type_of(const char* text) {
    return reinterpret_cast<const GVariantType*>(text);
}

Kind kind_of_dbus(int code) {
    switch (code) {
        case G_DBUS_ERROR_NO_REPLY:
        case G_DBUS_ERROR_TIMEOUT:
        case G_DBUS_ERROR_TIMED_OUT:
            return Kind::out_of_time;
        case G_DBUS_ERROR_SERVICE_UNKNOWN:
        case G_DBUS_ERROR_NAME_HAS_NO_OWNER:
        case G_DBUS_ERROR_NO_SERVER:
        case G_DBUS_ERROR_DISCONNECTED:
        case G_DBUS_ERROR_SPAWN_EXEC_FAILED:
        case G_DBUS_ERROR_SPAWN_FAILED:
        case G_DBUS_ERROR_SPAWN_CHILD_EXITED:
        case G_DBUS_ERROR_SPAWN_CHILD_SIGNALED:
        case G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND:
            return Kind::gone;
        case G_DBUS_ERROR_UNKNOWN_OBJECT:
        case G_DBUS_ERROR_UNKNOWN_METHOD:  // gnome-keyring's answer for an item that is not there.
            return Kind::no_object;
        default:
            return Kind::refused;
    }
}

Kind kind_of_io(int code) {
    switch (code) {
        case G_IO_ERROR_CANCELLED:
        case G_IO_ERROR_TIMED_OUT:
            return Kind::out_of_time;
        default:
            return Kind::gone;  // The socket is closed, refuses, or was never there.
    }
}

Kind kind_of_remote(std::string_view name) {
    if (name == "org.freedesktop.Secret.Error.IsLocked") return Kind::locked;
    if (name == "org.freedesktop.Secret.Error.NoSuchObject") return Kind::no_object;
    // The daemon was started again and knows nothing of the session with the old one.
    if (name == "org.freedesktop.Secret.Error.NoSession") return Kind::gone;
    // It left the bus while it was to answer.
    if (name == "org.freedesktop.DBus.Error.NoReply") return Kind::gone;
    return Kind::refused;
}

// libsecret's own constructor insists on GLib's shared connection to the session bus; what is
// derived from it does not.
GObject* construct(GType type, guint count, GObjectConstructParam* parameters) {
    const Libsecret& library = *libsecret();
    auto* const base = library.g_type_class_peek_parent(library.g_type_class_peek(type));
    GObject* const object = static_cast<GObjectClass*>(base)->constructor(type, count, parameters);
    library.g_object_set(
        object, "g-bus-type", G_BUS_TYPE_NONE, "g-flags",
        G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES | G_DBUS_PROXY_FLAGS_DO_NOT_CONNECT_SIGNALS,
        nullptr);
    return object;
}

void prepare_class(gpointer derived, gpointer /*unused*/) {
    static_cast<GObjectClass*>(derived)->constructor = construct;
}

GType service_type(const Libsecret& library) {
    static const GType type = library.g_type_register_static_simple(
        library.secret_service_get_type(), "HearthSecretService", sizeof(SecretServiceClass),
        prepare_class, sizeof(::SecretService), nullptr, static_cast<GTypeFlags>(0));
    return type;
}

ServiceFailure failure_of(const Libsecret& library, GError* error, GCancellable* cancellable) {
    ServiceFailure failure;
    char* const remote = library.g_dbus_error_get_remote_error(error);
    if (error->domain == library.g_io_error_quark()) failure.kind = kind_of_io(error->code);
    if (error->domain == library.g_dbus_error_quark()) failure.kind = kind_of_dbus(error->code);
    if (remote != nullptr && kind_of_remote(remote) != Kind::refused) {
        failure.kind = kind_of_remote(remote);
    }
    if (library.g_cancellable_is_cancelled(cancellable) != FALSE) failure.kind = Kind::out_of_time;
    library.g_dbus_error_strip_remote_error(error);
    failure.reason = error->message;
    library.g_free(remote);
    library.g_error_free(error);
    return failure;
}

}  // namespace

SecretServiceConnection::SecretServiceConnection(const Libsecret& library)
    : library_(library), context_(library.g_main_context_new()) {}

SecretServiceConnection::~SecretServiceConnection() {
    if (service_ != nullptr) library_.g_object_unref(service_);
    if (connection_ != nullptr) library_.g_object_unref(connection_);
    while (library_.g_main_context_iteration(context_, FALSE) != FALSE) continue;
    library_.g_main_context_unref(context_);
}

ServiceResult<std::unique_ptr<SecretServiceConnection>> SecretServiceConnection::connect(
    const Libsecret& library, const std::string& address, GCancellable* cancellable) {
    std::unique_ptr<SecretServiceConnection> service(new SecretServiceConnection(library));
    library.g_main_context_push_thread_default(service->context_);
    auto joined = service->join(address, cancellable);
    library.g_main_context_pop_thread_default(service->context_);
    if (!joined) return std::unexpected(std::move(joined).error());
    return service;
}

ServiceResult<> SecretServiceConnection::join(const std::string& address,
                                              GCancellable* cancellable) {
    GError* error = nullptr;
    std::string bus = address;
    if (bus.empty()) {
        char* const found =
            library_.g_dbus_address_get_for_bus_sync(G_BUS_TYPE_SESSION, cancellable, &error);
        if (found == nullptr) return std::unexpected(failure_of(library_, error, cancellable));
        bus = found;
        library_.g_free(found);
    }
    // A connection of its own rather than GLib's shared one, which ends the process when the bus
    // goes away and on which one thread's slow handshake holds up all others.
    // NOLINTBEGIN(clang-analyzer-optin.core.EnumCastOutOfRange): a set of C's flags
    constexpr auto flags =
        static_cast<GDBusConnectionFlags>(G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                          G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION);
    // NOLINTEND(clang-analyzer-optin.core.EnumCastOutOfRange)
    connection_ = library_.g_dbus_connection_new_for_address_sync(bus.c_str(), flags, nullptr,
                                                                  cancellable, &error);
    if (connection_ == nullptr) return std::unexpected(failure_of(library_, error, cancellable));
    library_.g_dbus_connection_set_exit_on_close(connection_, FALSE);
    service_ = static_cast<::SecretService*>(
        library_.g_initable_new(service_type(library_), cancellable, &error, "g-connection",
                                connection_, "flags", SECRET_SERVICE_OPEN_SESSION, nullptr));
    if (service_ == nullptr) return std::unexpected(failure_of(library_, error, cancellable));
    return {};
}

auto SecretServiceConnection::call(const Call& call, GVariant* arguments, GCancellable* cancellable)
    -> ServiceResult<Variant> {
    while (library_.g_main_context_iteration(context_, FALSE) != FALSE) continue;
    GError* error = nullptr;
    // No time limit of its own: the cancellable is the limit.
    GVariant* const answer = library_.g_dbus_connection_call_sync(
        connection_, bus_name, call.path, call.interface, call.method, arguments, nullptr,
        G_DBUS_CALL_FLAGS_NONE, G_MAXINT, cancellable, &error);
    if (answer == nullptr) return std::unexpected(failure_of(library_, error, cancellable));
    return owned(answer);
}

auto SecretServiceConnection::property(const std::string& path, const char* interface,
                                       const char* name, GCancellable* cancellable)
    -> ServiceResult<Variant> {
    const auto answer =
        HEARTH_TRY(call({path.c_str(), property_interface, "Get"},
                        library_.g_variant_new("(ss)", interface, name), cancellable));
    const auto boxed = child(answer.get(), 0);
    return owned(library_.g_variant_get_variant(boxed.get()));
}

auto SecretServiceConnection::child(GVariant* variant, std::size_t index) const -> Variant {
    return owned(library_.g_variant_get_child_value(variant, index));
}

std::string SecretServiceConnection::text(GVariant* variant) const {
    return library_.g_variant_get_string(variant, nullptr);
}

std::vector<std::string> SecretServiceConnection::texts(GVariant* list) const {
    std::vector<std::string> found;
    const auto count = library_.g_variant_n_children(list);
    found.reserve(count);
    for (std::size_t i = 0; i < count; ++i) found.push_back(text(child(list, i).get()));
    return found;
}

GVariant* SecretServiceConnection::dictionary(const Attributes& attributes) const {
    GVariantBuilder builder;
    library_.g_variant_builder_init(&builder, type_of("a{ss}"));
    for (const auto& [name, value] : attributes) {
        library_.g_variant_builder_add(&builder, "{ss}", name.c_str(), value.c_str());
    }
    return library_.g_variant_builder_end(&builder);
}

auto SecretServiceConnection::encoded(const Secret& secret) const -> Variant {
    const auto plain = secret.reveal();
    // libsecret keeps its copy in pages of its own that it locks and wipes.
    SecretValue* const value = library_.secret_value_new(
        plain.data(), static_cast<gssize>(plain.size()), "application/octet-stream");
    Variant boxed = owned(
        library_.g_variant_take_ref(library_.secret_service_encode_dbus_secret(service_, value)));
    library_.secret_value_unref(value);
    return boxed;
}

auto SecretServiceConnection::default_collection(GCancellable* cancellable)
    -> ServiceResult<Collection> {
    const auto answer = HEARTH_TRY(call({service_path, service_interface, "ReadAlias"},
                                        library_.g_variant_new("(s)", "default"), cancellable));
    Collection collection{.path = text(child(answer.get(), 0).get())};
    if (collection.path == no_object_path) return Collection{};
    const auto locked =
        HEARTH_TRY(property(collection.path, collection_interface, "Locked", cancellable));
    collection.locked = library_.g_variant_get_boolean(locked.get()) != FALSE;
    return collection;
}

auto SecretServiceConnection::search(const Attributes& attributes, GCancellable* cancellable)
    -> ServiceResult<Items> {
    const auto answer =
        HEARTH_TRY(call({service_path, service_interface, "SearchItems"},
                        library_.g_variant_new("(@a{ss})", dictionary(attributes)), cancellable));
    return Items{.unlocked = texts(child(answer.get(), 0).get()),
                 .locked = texts(child(answer.get(), 1).get())};
}

ServiceResult<Attributes> SecretServiceConnection::attributes(const std::string& item,
                                                              GCancellable* cancellable) {
    const auto answer = HEARTH_TRY(property(item, item_interface, "Attributes", cancellable));
    Attributes attributes;
    const auto count = library_.g_variant_n_children(answer.get());
    for (std::size_t i = 0; i < count; ++i) {
        const auto pair = child(answer.get(), i);
        attributes.emplace(text(child(pair.get(), 0).get()), text(child(pair.get(), 1).get()));
    }
    return attributes;
}

ServiceResult<Secret> SecretServiceConnection::read(const std::string& item,
                                                    GCancellable* cancellable) {
    const char* const session = library_.secret_service_get_session_dbus_path(service_);
    const auto answer = HEARTH_TRY(call({item.c_str(), item_interface, "GetSecret"},
                                        library_.g_variant_new("(o)", session), cancellable));
    const auto boxed = child(answer.get(), 0);
    SecretValue* const value = library_.secret_service_decode_dbus_secret(service_, boxed.get());
    if (value == nullptr) {
        return std::unexpected(ServiceFailure{Kind::gone, "the secret could not be decrypted"});
    }
    gsize size = 0;
    const char* const plain = library_.secret_value_get(value, &size);
    Secret secret({plain, size});
    library_.secret_value_unref(value);
    return secret;
}

ServiceResult<> SecretServiceConnection::replace(const std::string& item, const Secret& secret,
                                                 GCancellable* cancellable) {
    const auto boxed = encoded(secret);
    HEARTH_TRY(call({item.c_str(), item_interface, "SetSecret"},
                    library_.g_variant_new("(@(oayays))", boxed.get()), cancellable));
    return {};
}

ServiceResult<> SecretServiceConnection::create(const std::string& collection,
                                                const std::string& label,
                                                const Attributes& attributes, const Secret& secret,
                                                GCancellable* cancellable) {
    GVariantBuilder properties;
    library_.g_variant_builder_init(&properties, type_of("a{sv}"));
    library_.g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Item.Label",
                                   library_.g_variant_new("s", label.c_str()));
    library_.g_variant_builder_add(&properties, "{sv}", "org.freedesktop.Secret.Item.Attributes",
                                   dictionary(attributes));
    const auto boxed = encoded(secret);
    GVariant* const arguments = library_.g_variant_new(
        "(@a{sv}@(oayays)b)", library_.g_variant_builder_end(&properties), boxed.get(), TRUE);
    const auto answer = HEARTH_TRY(
        call({collection.c_str(), collection_interface, "CreateItem"}, arguments, cancellable));
    return without_prompt(text(child(answer.get(), 1).get()), cancellable);
}

ServiceResult<> SecretServiceConnection::erase(const std::string& item, GCancellable* cancellable) {
    const auto answer =
        HEARTH_TRY(call({item.c_str(), item_interface, "Delete"}, nullptr, cancellable));
    return without_prompt(text(child(answer.get(), 0).get()), cancellable);
}

ServiceResult<> SecretServiceConnection::without_prompt(const std::string& prompt,
                                                        GCancellable* cancellable) {
    if (prompt == no_object_path) return {};
    HEARTH_TRY(call({prompt.c_str(), prompt_interface, "Dismiss"}, nullptr, cancellable));
    return std::unexpected(ServiceFailure{Kind::locked, "the keychain wants to ask the person"});
}

ServiceResult<bool> SecretServiceConnection::unlock(const std::string& path,
                                                    GCancellable* cancellable) {
    GError* error = nullptr;
    char** unlocked = nullptr;
    std::array<const char*, 2> paths{path.c_str(), nullptr};
    library_.secret_service_unlock_dbus_paths_sync(service_, paths.data(), cancellable, &unlocked,
                                                   &error);
    if (error != nullptr) return std::unexpected(failure_of(library_, error, cancellable));
    const bool done = unlocked != nullptr && *unlocked != nullptr;
    library_.g_strfreev(unlocked);
    return done;
}

}  // namespace hearth::stores
