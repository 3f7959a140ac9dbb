// The Secret Service on the session bus, as far as hearth needs it. Every call is made without a
// prompt but `unlock`, and ends soon after its cancellable was cancelled. libsecret negotiates the
// session and keeps secrets from crossing the bus in clear; the calls themselves are made here,
// because its own store and lookup prompt when a collection is locked.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hearth/secret.hpp"
#include "stores/libsecret.hpp"

namespace hearth::stores {

struct ServiceFailure {
    enum class Kind : std::uint8_t {
        gone,         // No bus, no daemon, or not the one that this connection began with.
        out_of_time,  // Cancelled, or nobody answered.
        locked,
        dismissed,  // A person was asked to unlock it, and did not.
        no_object,
        newer,    // Stored in a format that is not known here.
        refused,  // Whatever else the daemon said.
    };
    Kind kind = Kind::refused;
    std::string reason;
};
template <class T = void>
using ServiceResult = std::expected<T, ServiceFailure>;

using Attributes = std::map<std::string, std::string>;

// One connection; used by one thread at a time, not always the same.
class SecretServiceConnection {
  public:
    // An empty address means the session bus of this process.
    static ServiceResult<std::unique_ptr<SecretServiceConnection>> connect(
        const Libsecret& library, const std::string& address, GCancellable* cancellable);
    SecretServiceConnection(const SecretServiceConnection&) = delete;
    SecretServiceConnection& operator=(const SecretServiceConnection&) = delete;
    SecretServiceConnection(SecretServiceConnection&&) = delete;
    SecretServiceConnection& operator=(SecretServiceConnection&&) = delete;
    ~SecretServiceConnection();

    struct Collection {
        std::string path;  // Empty when there is none.
        bool locked = false;
    };
    // Asked anew each time: a locked collection answers a search as an empty one does.
    ServiceResult<Collection> default_collection(GCancellable* cancellable);

    struct Items {
        std::vector<std::string> unlocked;
        std::vector<std::string> locked;
    };
    ServiceResult<Items> search(const Attributes& attributes, GCancellable* cancellable);
    ServiceResult<Attributes> attributes(const std::string& item, GCancellable* cancellable);
    ServiceResult<Secret> read(const std::string& item, GCancellable* cancellable);
    ServiceResult<> replace(const std::string& item, const Secret& secret,
                            GCancellable* cancellable);
    ServiceResult<> create(const std::string& collection, const std::string& label,
                           const Attributes& attributes, const Secret& secret,
                           GCancellable* cancellable);
    ServiceResult<> erase(const std::string& item, GCancellable* cancellable);
    // Shows the desktop's prompt; false when the person dismissed it.
    ServiceResult<bool> unlock(const std::string& path, GCancellable* cancellable);

  private:
    using Variant = std::unique_ptr<GVariant, void (*)(GVariant*)>;
    struct Call {
        const char* path;
        const char* interface;
        const char* method;
    };

    explicit SecretServiceConnection(const Libsecret& library);
    ServiceResult<> join(const std::string& address, GCancellable* cancellable);
    // Takes the arguments.
    ServiceResult<Variant> call(const Call& call, GVariant* arguments, GCancellable* cancellable);
    ServiceResult<Variant> property(const std::string& path, const char* interface,
                                    const char* name, GCancellable* cancellable);
    // Sends away a prompt that a call answered with: what needs one is locked.
    ServiceResult<> without_prompt(const std::string& prompt, GCancellable* cancellable);

    [[nodiscard]] Variant owned(GVariant* variant) const {
        return {variant, library_.g_variant_unref};
    }
    [[nodiscard]] Variant child(GVariant* variant, std::size_t index) const;
    [[nodiscard]] std::string text(GVariant* variant) const;
    [[nodiscard]] std::vector<std::string> texts(GVariant* list) const;
    [[nodiscard]] GVariant* dictionary(const Attributes& attributes) const;
    [[nodiscard]] Variant encoded(const Secret& secret) const;

    const Libsecret& library_;
    GMainContext* context_ = nullptr;  // Where the connection's signals end, to be dropped.
    GDBusConnection* connection_ = nullptr;
    ::SecretService* service_ = nullptr;
};

}  // namespace hearth::stores
