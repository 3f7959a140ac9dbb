#include "hearth/hearth.hpp"

#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <future>
#include <thread>
#include <utility>

#include "composition/composition.hpp"
#include "composition/config_file.hpp"
#include "core/try.hpp"
#include "library/warm_view.hpp"
#include "session/engine.hpp"
#include "session/publication.hpp"
#include "sources/given.hpp"
#include "sources/resolution.hpp"
#include "system/asio_loop.hpp"
#include "system/process.hpp"

namespace hearth {
namespace {

using namespace std::chrono_literals;

// Shows a sign-in to the program that embeds hearth.
class PromptedPerson : public providers::Person {
  public:
    explicit PromptedPerson(SignInPrompts prompts) : prompts_(std::move(prompts)) {}

    void show(const providers::Prompt& prompt) override {
        if (const auto* const browser = std::get_if<providers::OpenBrowser>(&prompt)) {
            if (prompts_.open) prompts_.open(browser->url);
        } else if (const auto* const code = std::get_if<providers::ShowCode>(&prompt)) {
            if (prompts_.code) prompts_.code(code->user_code, code->verification_uri);
        }
    }
    // Nothing is pasted: the program has its own ways to show an address.
    void on_paste(std::function<void(Secret)> /*receive*/) override {}

  private:
    SignInPrompts prompts_;
};

Environment environment_for(const OpenOptions& options) {
    return [home = options.home](std::string_view name) -> std::optional<std::string> {
        if (name == "HEARTH_HOME" && !home.empty()) return home;
        return system::environment()(name);
    };
}

ProfileState state_of(const session::ProfileStatus& status) {
    ProfileState state{.profile = status.profile.text(),
                       .provider = status.provider,
                       .state = std::string(to_string(status.state)),
                       .account = status.account.label(),
                       .expires_at = {},
                       .last_error = status.last_error};
    if (status.expires_at) {
        state.expires_at = std::chrono::floor<std::chrono::seconds>(*status.expires_at);
    }
    return state;
}

SessionEvent told(const session::Event& event) {
    SessionEvent told{.type = std::string(to_string(event.kind)),
                      .at = std::chrono::system_clock::time_point(
                          std::chrono::duration_cast<std::chrono::system_clock::duration>(
                              event.at.time_since_epoch())),
                      .profile = event.profile.text(),
                      .text = event.text,
                      .expires_at = {}};
    if (event.expires_at) {
        told.expires_at = std::chrono::floor<std::chrono::seconds>(*event.expires_at);
    }
    return told;
}

}  // namespace

class Hearth::Impl {
  public:
    explicit Impl(bool keep) : keep_(keep) {}
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Result<> open(const OpenOptions& options) {
        const auto found = HEARTH_TRY(places(environment_for(options)));
        composition::ConfigFile file(found.config_file, found.state_folder + "/config.lock");
        auto settings = HEARTH_TRY(file.load());
        composition_ = HEARTH_TRY(
            composition::Composition::make(found, std::move(settings), loop_, ::getpid()));
        // At once: what is a descriptor now must not be inherited, nor closed by somebody else.
        if (options.environment) {
            take_given(environment_for(options));
            composition_->identity().use(environment_for(options));
        }
        loop_.post([this, on_event = options.on_event] {
            if (on_event) {
                subscription_ = engine().subscribe(
                    [on_event](const session::Event& event) { on_event(told(event)); });
            }
            engine().start();
            if (keep_) engine().keep();
        });
        thread_ = std::jthread([this] { io_.run(); });
        return {};
    }

    ~Impl() {
        if (!thread_.joinable()) return;
        std::promise<void> idle;
        auto ended = idle.get_future();
        loop_.post([this, &idle] { wait_until_idle(idle, clock().now().boot + 10s); });
        ended.wait();
        io_.stop();
        thread_.join();
    }

    // Runs the function on the loop and waits for what it returns.
    template <class Function>
    auto call(Function function) {
        std::promise<decltype(function())> promise;
        auto future = promise.get_future();
        loop_.post([&] { promise.set_value(function()); });
        return future.get();
    }

    // Runs something on the loop that answers by a callback, and waits for the answer. The ticket,
    // if it gives one, is dropped on the loop.
    template <class T>
    Result<T> await(auto begin) {
        struct Wait {
            std::promise<Result<T>> promise;
            std::unique_ptr<session::Ticket> ticket;
        };
        const auto wait = std::make_shared<Wait>();
        auto future = wait->promise.get_future();
        loop_.post([wait, begin = std::move(begin)]() mutable {
            wait->ticket =
                begin([wait](Result<T> result) { wait->promise.set_value(std::move(result)); });
        });
        auto result = future.get();
        loop_.post([wait] { wait->ticket.reset(); });
        return result;
    }

    session::Engine& engine() { return composition_->engine(); }
    [[nodiscard]] const Clock& clock() const { return composition_->clock(); }

  private:
    void take_given(const Environment& environment) {
        for (const auto& variable : sources::offer_of(environment).filled) {
            const auto& source = *sources::find(variable);
            engine().give(source, sources::take(source, environment));
        }
    }

    // A request whose answer is not saved yet is waited for.
    void wait_until_idle(std::promise<void>& idle, Span deadline) {
        const auto now = clock().now().boot;
        if (!engine().busy() || now >= deadline) return idle.set_value();
        loop_.at(now + 10ms, [this, &idle, deadline] { wait_until_idle(idle, deadline); });
    }

    bool keep_;
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{
        io_.get_executor()};
    system::AsioLoop loop_{io_};
    std::unique_ptr<composition::Composition> composition_;
    std::unique_ptr<session::Ticket> subscription_;
    std::jthread thread_;
};

Hearth::Hearth(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Hearth::~Hearth() = default;

Result<std::unique_ptr<Hearth>> Hearth::open(const OpenOptions& options) {
    auto impl = std::make_unique<Impl>(options.keep);
    HEARTH_CHECK(impl->open(options));
    return std::unique_ptr<Hearth>(new Hearth(std::move(impl)));
}

Result<CredentialPtr> Hearth::credential(const std::string& profile,
                                         std::optional<std::chrono::seconds> min_remaining) {
    const auto name = HEARTH_TRY(ProfileName::parse(profile));
    return impl_->await<CredentialPtr>([this, name, min_remaining](auto done) {
        session::Demand demand;
        if (min_remaining) demand.min_remaining = *min_remaining;
        return impl_->engine().credential(name, demand, std::move(done));
    });
}

Result<CredentialPtr> Hearth::rejected(const Credential& credential) {
    const auto name = HEARTH_TRY(ProfileName::parse(credential.profile()));
    return impl_->await<CredentialPtr>([this, name, &credential](auto done) {
        return impl_->engine().rejected(name, credential.token(), {}, std::move(done));
    });
}

Result<> Hearth::sign_in(const std::string& profile, const SignInPrompts& prompts) {
    const auto name = HEARTH_TRY(ProfileName::parse(profile));
    const auto person = std::make_shared<PromptedPerson>(prompts);
    const auto signed_in = impl_->await<session::SignedIn>([this, name, person](auto done) {
        return impl_->engine().sign_in(name, {}, person, std::move(done));
    });
    if (!signed_in) return std::unexpected(signed_in.error());
    return {};
}

Result<> Hearth::sign_out(const std::string& profile) {
    const auto name = HEARTH_TRY(ProfileName::parse(profile));
    return impl_->await<void>([this, name](auto done) {
        impl_->engine().sign_out(name, std::move(done));
        return std::unique_ptr<session::Ticket>();
    });
}

std::vector<ProfileState> Hearth::status() {
    return impl_->call([this] {
        std::vector<ProfileState> states;
        for (const auto& one : impl_->engine().status()) states.push_back(state_of(one));
        return states;
    });
}

struct Reader::Held {
    Hearth& hearth;
    std::string profile;
    library::WarmView view;
    CredentialPtr answer;  // Keeps alive what `credential` gave.
};

Result<Reader> Hearth::reader(const std::string& profile) {
    const auto name = HEARTH_TRY(ProfileName::parse(profile));
    auto publication = impl_->call([this, &name] { return impl_->engine().publication(name); });
    if (!publication) {
        return std::unexpected(
            Error{Remedy::usage, "no profile is called '" + profile + "'", "hearth profile list"});
    }
    return Reader(std::make_unique<Reader::Held>(
        Reader::Held{*this, profile, library::WarmView(publication, impl_->clock()), nullptr}));
}

Reader::Reader(std::unique_ptr<Held> held) noexcept : held_(std::move(held)) {}
Reader::Reader(Reader&& other) noexcept = default;
Reader& Reader::operator=(Reader&& other) noexcept = default;
Reader::~Reader() = default;

const Credential* Reader::warm() noexcept { return held_->view.get(); }

Result<CredentialPtr> Reader::credential() {
    held_->answer = HEARTH_TRY(held_->hearth.credential(held_->profile));
    return held_->answer;
}

}  // namespace hearth
