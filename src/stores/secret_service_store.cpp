#include "stores/secret_service_store.hpp"

#include <algorithm>
#include <charconv>

#include "core/try.hpp"
#include "stores/errand.hpp"
#include "stores/key_source.hpp"
#include "stores/secret_service_connection.hpp"

namespace hearth::stores {
namespace {

using Connection = SecretServiceConnection;
using Kind = ServiceFailure::Kind;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr int item_format = 1;
constexpr const char* no_keychain_hint =
    "start a keychain such as gnome-keyring, or keep sessions in sealed files: hearth config set "
    "store.kind sealed";

// The answer of a call that answers nothing but that it was done.
struct Done {};

StoreError error_of(const ServiceFailure& failure) {
    switch (failure.kind) {
        case Kind::locked:
            return {Fault::locked, {Remedy::store_locked, "the keychain is locked", unlock_hint}};
        case Kind::dismissed:
            return {Fault::locked,
                    {Remedy::store_locked, "the keychain stays locked: its question was dismissed",
                     unlock_hint}};
        case Kind::out_of_time:
            return {Fault::timed_out,
                    {Remedy::store_locked, "the keychain did not answer in time",
                     "look for a question of it on the desktop, or start it again; store.timeout "
                     "gives it longer"}};
        case Kind::gone:
            return {Fault::unavailable,
                    {Remedy::store_locked, "there is no keychain: " + failure.reason,
                     no_keychain_hint}};
        case Kind::newer:
            return {Fault::damaged,
                    {Remedy::refused, failure.reason,
                     "install the newer hearth; nothing was overwritten"}};
        case Kind::no_object:
        case Kind::refused:
            break;
    }
    return {Fault::unavailable,
            {Remedy::store_locked, "the keychain refuses: " + failure.reason, no_keychain_hint}};
}

ServiceFailure locked() { return {Kind::locked, "locked"}; }

// The collection, if it is there and open.
ServiceResult<std::string> open_collection(Connection& keychain, GCancellable* cancellable) {
    auto collection = HEARTH_TRY(keychain.default_collection(cancellable));
    if (collection.path.empty()) {
        return std::unexpected(
            ServiceFailure{Kind::refused, "it has no default collection to keep secrets in"});
    }
    if (collection.locked) return std::unexpected(locked());
    return std::move(collection.path);
}

// The item of a session, or none; where a lock might hide it, that is the answer.
ServiceResult<std::optional<std::string>> find(Connection& keychain, const Attributes& attributes,
                                               GCancellable* cancellable) {
    const auto items = HEARTH_TRY(keychain.search(attributes, cancellable));
    if (items.unlocked.empty()) {
        if (!items.locked.empty()) return std::unexpected(locked());
        // A locked collection answers as an empty one does.
        HEARTH_TRY(open_collection(keychain, cancellable));
        return std::nullopt;
    }
    const auto& item = items.unlocked.front();
    const auto found = HEARTH_TRY(keychain.attributes(item, cancellable));
    const auto format = found.find("format");
    int number = item_format;
    if (format != found.end()) {
        const auto& text = format->second;
        std::from_chars(text.data(), text.data() + text.size(), number);
    }
    if (number <= item_format) return item;
    return std::unexpected(ServiceFailure{Kind::newer, "the session in the keychain is in format " +
                                                           std::to_string(number) +
                                                           ", which a newer hearth wrote"});
}

// Somebody else erased it between two calls: then it is not there.
template <class T>
bool vanished(const ServiceResult<T>& result) {
    return !result && result.error().kind == Kind::no_object;
}

}  // namespace

// Where the connection stays between calls. Shared, because a call that was abandoned still holds
// it.
struct SecretServiceStore::Link {
    explicit Link(std::string bus_address) : address(std::move(bus_address)) {}

    // Calls of one store go one after the other; a call that waits for its turn waits within its
    // own time.
    template <class T, class Use>
    ServiceResult<T> ask(const Libsecret& library, SteadyTime deadline, GCancellable* cancellable,
                         const Use& use) {
        const std::unique_lock turn(busy, deadline);
        if (!turn) return std::unexpected(ServiceFailure{Kind::out_of_time, ""});
        const bool kept = connection != nullptr;
        auto result = attempt<T>(library, cancellable, use);
        // The daemon died since: once more, with the one that may have taken its place.
        if (kept && !result && result.error().kind == Kind::gone) {
            result = attempt<T>(library, cancellable, use);
        }
        return result;
    }

    std::string address;
    std::timed_mutex busy;
    std::unique_ptr<Connection> connection;

  private:
    template <class T, class Use>
    ServiceResult<T> attempt(const Libsecret& library, GCancellable* cancellable, const Use& use) {
        if (!connection) {
            connection = HEARTH_TRY(Connection::connect(library, address, cancellable));
        }
        ServiceResult<T> result = use(*connection, cancellable);
        const bool spent = !result && (result.error().kind == Kind::gone ||
                                       result.error().kind == Kind::out_of_time);
        if (spent) connection.reset();
        return result;
    }
};

SecretServiceStore::SecretServiceStore(Options options)
    : options_(std::move(options)), link_(std::make_shared<Link>(options_.bus_address)) {}

SecretServiceStore::~SecretServiceStore() = default;

template <class T, class Use>
StoreResult<T> SecretServiceStore::ask(const std::shared_ptr<Link>& link, Span limit,
                                       const Use& use) {
    const Libsecret* const library = libsecret();
    if (library == nullptr) {
        return std::unexpected(error_of({Kind::gone, "libsecret is not installed"}));
    }
    const SteadyTime deadline = std::chrono::steady_clock::now() + limit;
    const auto answer = std::make_shared<std::optional<ServiceResult<T>>>();
    const auto end = run_errand(*library, limit, [=](GCancellable* cancellable) {
        *answer = link->template ask<T>(*library, deadline, cancellable, use);
    });
    if (end == ErrandEnd::abandoned) {
        // Nobody else is to wait for what it holds.
        const std::scoped_lock guard(mutex_);
        if (link_ == link) link_ = std::make_shared<Link>(options_.bus_address);
        return std::unexpected(error_of({Kind::out_of_time, ""}));
    }
    ServiceResult<T>& result = **answer;
    if (!result) return std::unexpected(error_of(result.error()));
    return std::move(*result);
}

template <class T, class Use>
StoreResult<T> SecretServiceStore::ask(const Use& use) {
    if (locked_) return std::unexpected(error_of(locked()));
    std::shared_ptr<Link> link;
    {
        const std::scoped_lock guard(mutex_);
        link = link_;
    }
    return ask<T>(link, options_.timeout, use);
}

Attributes SecretServiceStore::attributes() const {
    return {{"application", "hearth"}, {"installation", options_.installation}};
}

Attributes SecretServiceStore::attributes(const SessionId& id) const {
    auto attributes = this->attributes();
    attributes.emplace("session", id.text());
    return attributes;
}

StoreResult<std::optional<Secret>> SecretServiceStore::load(const SessionId& id) {
    using Found = std::optional<Secret>;
    return ask<Found>([wanted = attributes(id)](Connection& keychain,
                                                GCancellable* cancellable) -> ServiceResult<Found> {
        const auto item = HEARTH_TRY(find(keychain, wanted, cancellable));
        if (!item) return std::nullopt;
        auto secret = keychain.read(*item, cancellable);
        if (vanished(secret)) return std::nullopt;
        return HEARTH_TRY(std::move(secret));
    });
}

StoreResult<> SecretServiceStore::save(const SessionId& id, const Secret& document) {
    // Owned by the call, which may outlive this one.
    auto secret = std::make_shared<const Secret>(document.clone());
    const auto use = [wanted = attributes(id), label = "hearth: " + id.text(), secret](
                         Connection& keychain, GCancellable* cancellable) -> ServiceResult<Done> {
        const auto collection = HEARTH_TRY(open_collection(keychain, cancellable));
        if (const auto item = HEARTH_TRY(find(keychain, wanted, cancellable))) {
            const auto replaced = keychain.replace(*item, *secret, cancellable);
            if (!vanished(replaced)) {
                HEARTH_CHECK(replaced);
                return Done{};
            }
        }
        auto all = wanted;
        all.emplace("format", std::to_string(item_format));
        all.emplace("xdg:schema", "hearth.Session");
        HEARTH_CHECK(keychain.create(collection, label, all, *secret, cancellable));
        return Done{};
    };
    HEARTH_TRY(ask<Done>(use));
    return {};
}

StoreResult<> SecretServiceStore::erase(const SessionId& id) {
    const auto use = [wanted = attributes(id)](Connection& keychain,
                                               GCancellable* cancellable) -> ServiceResult<Done> {
        const auto items = HEARTH_TRY(keychain.search(wanted, cancellable));
        if (!items.locked.empty()) return std::unexpected(locked());
        if (items.unlocked.empty()) HEARTH_TRY(open_collection(keychain, cancellable));
        for (const auto& item : items.unlocked) {
            const auto erased = keychain.erase(item, cancellable);
            if (!vanished(erased)) HEARTH_CHECK(erased);
        }
        return Done{};
    };
    HEARTH_TRY(ask<Done>(use));
    return {};
}

StoreResult<std::vector<SessionId>> SecretServiceStore::list() {
    using Ids = std::vector<SessionId>;
    return ask<Ids>([wanted = attributes()](Connection& keychain,
                                            GCancellable* cancellable) -> ServiceResult<Ids> {
        HEARTH_TRY(open_collection(keychain, cancellable));
        const auto items = HEARTH_TRY(keychain.search(wanted, cancellable));
        if (!items.locked.empty()) return std::unexpected(locked());
        Ids ids;
        for (const auto& item : items.unlocked) {
            const auto found = keychain.attributes(item, cancellable);
            if (vanished(found)) continue;
            HEARTH_CHECK(found);
            const auto session = found->find("session");
            if (session == found->end()) continue;
            auto id = Name::parse(session->second);
            if (id && !reserved(*id)) ids.push_back(std::move(*id));
        }
        std::ranges::sort(ids);
        return ids;
    });
}

StoreResult<> SecretServiceStore::probe() {
    const auto path = HEARTH_TRY(ask<std::string>(open_collection));
    const std::scoped_lock guard(mutex_);
    collection_ = path.substr(path.rfind('/') + 1);
    return {};
}

StoreResult<> SecretServiceStore::unlock(const Secret& /*passphrase*/) {
    // On a connection of its own: a person may take minutes, and nobody else is to wait for that.
    const auto link = std::make_shared<Link>(options_.bus_address);
    const auto use = [](Connection& keychain, GCancellable* cancellable) -> ServiceResult<Done> {
        const auto collection = HEARTH_TRY(keychain.default_collection(cancellable));
        if (collection.path.empty() || !collection.locked) {
            HEARTH_TRY(open_collection(keychain, cancellable));
            return Done{};
        }
        if (HEARTH_TRY(keychain.unlock(collection.path, cancellable))) return Done{};
        return std::unexpected(ServiceFailure{Kind::dismissed, "dismissed"});
    };
    HEARTH_TRY(ask<Done>(link, options_.prompt_timeout, use));
    locked_ = false;
    return {};
}

void SecretServiceStore::lock() { locked_ = true; }

std::string SecretServiceStore::describe() const {
    const std::scoped_lock guard(mutex_);
    return "Secret Service, collection " + (collection_.empty() ? "default" : collection_);
}

}  // namespace hearth::stores
