#include "composition/composition.hpp"

#include <utility>

#include "composition/aws_material.hpp"
#include "composition/google_material.hpp"
#include "composition/installation.hpp"
#include "composition/installation_fingerprints.hpp"
#include "composition/private_files.hpp"
#include "core/try.hpp"
#include "oauth/thread_waiter.hpp"
#include "providers/aws/aws.hpp"
#include "providers/claude/claude.hpp"
#include "providers/google/google.hpp"
#include "providers/oidc/oidc.hpp"
#include "stores/memory_store.hpp"
#include "stores/sealed_file_store.hpp"
#include "stores/secret_service_store.hpp"
#include "system/beast_callbacks.hpp"
#include "system/clock.hpp"
#include "system/curl_http.hpp"
#include "system/file_journals.hpp"
#include "system/files.hpp"
#include "system/flock_locks.hpp"
#include "system/process.hpp"
#include "system/random.hpp"
#include "system/thread_workers.hpp"

namespace hearth::composition {

// In the order of construction: what stands below uses what is above it, and ends before it.
struct Composition::Parts {
    Parts(const Places& places, const NetworkSettings& settings)
        : fingerprints(places.state_folder, random),
          locks(places.state_folder),
          journals(places.state_folder),
          network(settings),
          certificates(certificates_of(settings, system::environment())) {}

    system::SystemClock clock;
    system::SystemRandom random;
    InstallationFingerprints fingerprints;
    system::FlockLocks locks;
    system::FileJournals journals;
    NetworkSettings network;
    Certificates certificates;
    system::CurlHttp http{{.certificates = certificates.file.path,
                           .certificate_folder = certificates.folder.path,
                           .system_authorities = certificates.system_authorities}};
    system::BeastCallbacks callbacks;
    oauth::ThreadWaiter waiter;
    providers::Ports provider_ports{http, clock, random, callbacks, waiter};
    providers::Oidc oidc{provider_ports};
    WorkloadIdentity identity;
    providers::Claude claude{provider_ports, &identity};
    AwsMaterial aws_material{system::environment()};
    providers::Aws aws{provider_ports, aws_material};
    GoogleMaterial google_material{system::environment()};
    providers::Google google{provider_ports, google_material};
    std::map<std::string, providers::Provider*> providers{
        {"oidc", &oidc}, {"claude", &claude}, {"aws", &aws}, {"google", &google}};
    PrivateFiles files;
    StoreSettings store_settings;
    std::unique_ptr<stores::Store> keychain;  // Only where a sealed store keeps its key there.
    std::unique_ptr<stores::Store> store;
    stores::SealedFileStore* sealed = nullptr;  // The store, where it is one.
    system::ThreadWorkers workers;
    std::unique_ptr<session::Engine> engine;
};

namespace {

Result<std::unique_ptr<stores::Store>> keychain_store(const Places& places, Random& random,
                                                      const StoreSettings& settings) {
    stores::SecretServiceStore::Options options;
    options.installation = HEARTH_TRY(installation_id(places.state_folder, random));
    options.timeout = settings.timeout;
    return std::make_unique<stores::SecretServiceStore>(std::move(options));
}

stores::KeySource key_source(const StoreSettings& settings, stores::Store* keychain) {
    if (settings.key_source == "key_file") return stores::KeyFileSource{settings.key_file};
    if (settings.key_source == "key_fd") return stores::DescriptorSource{settings.key_fd};
    if (settings.key_source == "keychain") return stores::KeychainSource{keychain};
    return stores::PassphraseSource{};
}

}  // namespace

std::string_view to_string(StoreKind kind) noexcept {
    switch (kind) {
        case StoreKind::keychain:
            return "keychain";
        case StoreKind::sealed:
            return "sealed";
        case StoreKind::memory:
            return "memory";
    }
    std::unreachable();
}

std::unique_ptr<stores::Store> Composition::sealed_store(Parts& with, const Places& places) {
    auto store = std::make_unique<stores::SealedFileStore>(
        places.sealed_folder, key_source(with.store_settings, with.keychain.get()), with.random,
        with.files);
    with.sealed = store.get();
    return store;
}

Result<std::unique_ptr<Composition>> Composition::make(const Places& places, Settings settings,
                                                       session::Loop& loop, std::int64_t process) {
    HEARTH_CHECK(system::ensure_private_folder(places.state_folder));
    auto parts = std::make_unique<Parts>(places, settings.network);
    auto& with = *parts;
    with.store_settings = settings.store;
    const auto& wanted = with.store_settings;
    switch (wanted.kind) {
        case StoreKind::keychain:
            with.store = HEARTH_TRY(keychain_store(places, with.random, wanted));
            break;
        case StoreKind::sealed:
            if (wanted.key_source == "keychain") {
                with.keychain = HEARTH_TRY(keychain_store(places, with.random, wanted));
            }
            with.store = sealed_store(with, places);
            break;
        case StoreKind::memory:
            with.store = std::make_unique<stores::MemoryStore>();
            break;
    }
    const session::Engine::Ports ports{.clock = with.clock,
                                       .random = with.random,
                                       .loop = loop,
                                       .workers = with.workers,
                                       .locks = with.locks,
                                       .journals = with.journals,
                                       .store = *with.store,
                                       .providers = with.providers,
                                       .store_name = std::string(to_string(wanted.kind)),
                                       .process = process,
                                       .fingerprints = &with.fingerprints};
    with.engine = std::make_unique<session::Engine>(ports, std::move(settings));
    return std::unique_ptr<Composition>(new Composition(std::move(parts)));
}

Composition::Composition(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Composition::~Composition() = default;

session::Engine& Composition::engine() noexcept { return *parts_->engine; }
stores::Store& Composition::store() noexcept { return *parts_->store; }
session::Workers& Composition::workers() noexcept { return parts_->workers; }
const Clock& Composition::clock() const noexcept { return parts_->clock; }
Http& Composition::http() noexcept { return parts_->http; }
WorkloadIdentity& Composition::identity() noexcept { return parts_->identity; }
const StoreSettings& Composition::store_settings() const noexcept { return parts_->store_settings; }
const NetworkSettings& Composition::network_settings() const noexcept { return parts_->network; }
const Certificates& Composition::certificates() const noexcept { return parts_->certificates; }

bool Composition::awaits_first_passphrase() {
    return parts_->sealed != nullptr && parts_->sealed->awaits_first_passphrase();
}

Result<> Composition::forget(const SessionId& id) {
    using namespace std::chrono_literals;
    auto& with = *parts_;
    const Span deadline = with.clock.now().boot + 10s;
    auto held = HEARTH_TRY(with.locks.try_acquire(id));
    while (!held) {
        if (with.clock.now().boot >= deadline) {
            return std::unexpected(Error{Remedy::failed,
                                         "another process is busy with session '" + id.text() + "'",
                                         "try again in a moment"});
        }
        with.waiter.wait(20ms, {});
        held = HEARTH_TRY(with.locks.try_acquire(id));
    }
    if (auto erased = with.store->erase(id); !erased) {
        return std::unexpected(std::move(erased).error().error);
    }
    return with.journals.write(id, {});
}

Result<std::unique_ptr<session::HeldLock>> Composition::try_helper_lock(
    const ProfileName& profile) {
    return parts_->locks.try_acquire_helper(profile);
}

std::optional<providers::aws::KeyCommand> Composition::aws_command(const Profile& profile) const {
    if (profile.provider != "aws") return std::nullopt;
    return parts_->aws.command_of(profile);
}

std::optional<providers::google::SubjectCommand> Composition::subject_command(
    const Profile& profile) const {
    if (profile.provider != "google") return std::nullopt;
    return parts_->google.command_of(profile);
}

void Composition::give_subject(const Profile& profile, Secret printed) {
    parts_->google_material.give(profile.name, std::move(printed));
    parts_->google.note_printed(profile);
}

void Composition::forget_given() {
    parts_->identity.forget();
    parts_->google_material.forget();
}

bool Composition::unattended(const Profile& profile) const {
    const auto found = parts_->providers.find(profile.provider);
    return found != parts_->providers.end() && found->second->unattended(profile);
}

Result<> Composition::check(const Profile& profile) const {
    const auto found = parts_->providers.find(profile.provider);
    if (found != parts_->providers.end()) return found->second->check(profile);
    return std::unexpected(Error{Remedy::usage, "no provider is called '" + profile.provider + "'",
                                 "the providers are: aws, claude, google, oidc"});
}

}  // namespace hearth::composition
