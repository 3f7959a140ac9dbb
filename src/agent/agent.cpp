#include "agent/agent.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "agent/listening_socket.hpp"
#include "agent/own_program.hpp"
#include "agent/server.hpp"
#include "agent/service.hpp"
#include "agent/signals.hpp"
#include "agent/sinks.hpp"
#include "agent/socket_loop.hpp"
#include "agent/socket_watch.hpp"
#include "core/try.hpp"
#include "system/clock.hpp"
#include "system/memory.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;

constexpr Span patience_at_the_end = 10s;
constexpr Span rest_after_work = 5s;
constexpr Span socket_patience = 1s;

// One descriptor per client, and some for everything else.
void allow_many_descriptors(std::size_t clients) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, clients + 256);
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

class Agent::Impl {
  public:
    explicit Impl(Options options)
        : options_(std::move(options)),
          config_(options_.settings ? "" : options_.places.config_file,
                  options_.places.state_folder + "/config.lock"),
          trusted_(options_.places.state_folder),
          log_(clock_, options_.places.agent_log(), options_.log_level),
          audit_(clock_, loop_, options_.places.state_folder + "/audit.log") {}
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    ~Impl() {
        subscription_.reset();
        server_.reset();
        sinks_.reset();
        helpers_.reset();
        refreshes_.reset();
        // A keychain that hangs must not keep the process: what had to be finished is.
        (void)std::signal(SIGALRM, [](int) { ::_exit(0); });
        (void)::alarm(static_cast<unsigned>(
            std::chrono::ceil<std::chrono::seconds>(patience_at_the_end).count()));
        composition_.reset();
        (void)::alarm(0);
    }

    Result<> start() {
        auto settings = options_.settings ? *std::move(options_.settings) : read_settings();
        composition_ = HEARTH_TRY(composition::Composition::make(
            options_.places, std::move(settings), loop_, ::getpid()));
        composition_->engine().start(options_.prefetch);
        if (const auto& broken = config_.broken()) log_.warn(broken->what);
        if (!options_.confined) log_.info("this kernel does not confine it");
        helpers_ = std::make_unique<Helpers>(*composition_, loop_, clock_);
        refreshes_ = std::make_unique<AuthRefreshes>(*composition_, loop_, clock_);
        sinks_ = std::make_unique<Sinks>(composition_->engine(), loop_, clock_, log_,
                                         std::move(options_.outside));
        service_ = std::make_unique<Service>(
            Service{.composition = *composition_,
                    .config = config_,
                    .engine = composition_->engine(),
                    .loop = loop_,
                    .sockets = loop_,
                    .clock = clock_,
                    .audit = audit_,
                    .metrics = metrics_,
                    .log = log_,
                    .places = options_.places,
                    .token_lines = token_lines_,
                    .helpers = *helpers_,
                    .refreshes = *refreshes_,
                    .sinks = *sinks_,
                    .trusted = trusted_,
                    .version = options_.version,
                    .pid = ::getpid(),
                    .since = clock_.now().wall,
                    .confined = options_.confined,
                    .socket = options_.once ? "" : options_.places.socket(),
                    .connections = [this] { return server_->connections(); },
                    .look_around = {},
                    .drain = [this] { loop_.post([this] { drain("asked to"); }); }});
        server_ = std::make_unique<Server>(loop_, *service_, Server::Limits{});
        audit_.tell([this](const ProfileName& profile, std::string text) {
            composition_->engine().announce({.kind = session::Event::Kind::handed_out,
                                             .at = clock_.now().wall,
                                             .profile = profile,
                                             .text = std::move(text)});
        });
        subscription_ = composition_->engine().subscribe(
            [this](const session::Event& event) { on_event(event); });
        return {};
    }

    void serve(Descriptor listening, Descriptor lock, bool owns_path) {
        allow_many_descriptors(Server::Limits{}.connections);
        lock_ = std::move(lock);
        owns_path_ = owns_path;
        log_.info("version " + options_.version + " listens on " + options_.places.socket());
        composition_->engine().keep();
        server_->when_closed([this] { check_end(); });
        service_->look_around = [this] { look_at_own_program(); };
        server_->listen(std::move(listening));
        if (owns_path_) watch_socket();
        run();
    }

    void serve_one(Descriptor client) {
        server_->when_closed([this] { loop_.post([this] { end_now(); }); });
        server_->adopt(std::move(client));
        run();
    }

  private:
    Settings read_settings() {
        auto read = config_.load();
        auto settings = read ? *std::move(read) : Settings();
        if (const auto trusted = trusted_.load(); !trusted) log_.warn(trusted.error().what);
        trusted_.settle_in(settings);
        return settings;
    }

    void run() {
        signals_.watch(loop_, [this] {
            drain("told to by a signal");
            end_now();
        });
        loop_.run();
        log_.info("ends");
    }

    void on_event(const session::Event& event) {
        using Kind = session::Event::Kind;
        metrics_.on_event(event);
        // Nothing has changed, and the audit log has it.
        if (event.kind == Kind::handed_out) return;
        // What was handed out before this is not handed out after it.
        token_lines_.forget();
        // A process that serves one client writes what it changed, and not what it found.
        if (!options_.once || event.kind != Kind::loaded) sinks_->on_event(event);
        const bool bad = event.kind == Kind::renewal_failed || event.kind == Kind::store_failed ||
                         event.kind == Kind::sign_in_needed || event.kind == Kind::sign_in_failed ||
                         event.kind == Kind::sink_failed;
        const std::string text = event.profile.text() + ": " +
                                 std::string(session::to_string(event.kind)) +
                                 (event.text.empty() ? "" : ": " + event.text);
        bad ? log_.warn(text) : log_.info(text);
        rest_soon();
    }

    // Sessions that were read and libraries that were needed for a renewal leave much behind that
    // an agent that waits for the next one has no use for.
    void rest_soon() {
        if (options_.once) return;
        if (rest_ != 0) loop_.cancel(rest_);
        rest_ = loop_.at(clock_.now().boot + rest_after_work, [this] {
            rest_ = 0;
            system::give_back_memory();
        });
    }

    void watch_socket() {
        socket_watch_.begin([this] { bind_again(); });
    }

    // Somebody removed the socket. Nobody else may make it anew while this process has the lock.
    void bind_again() {
        if (draining_) return;
        auto listening = bind_socket(options_.places);
        if (!listening) {
            log_.warn("nobody new can reach this agent: " + listening.error().what);
            loop_.at(clock_.now().boot + socket_patience, [this] { bind_again(); });
            return;
        }
        log_.warn("its socket was removed: it listens on a new one");
        server_->listen(*std::move(listening));
        watch_socket();
    }

    void look_at_own_program() {
        const Span now = clock_.now().boot;
        if (now - program_looked_at_ < 3s) return;
        program_looked_at_ = now;
        if (program_.replaced()) drain("the program was replaced");
    }

    // No new clients; those who wait for something get it. The next agent may start at once.
    void drain(std::string_view why) {
        if (options_.once || std::exchange(draining_, true)) return;
        log_.info("lets no more clients in: " + std::string(why));
        if (owns_path_) unlink_socket(options_.places);
        lock_ = {};
        server_->drain();
        check_end();
    }

    void check_end() {
        if (!draining_ || ending_ || checking_) return;
        if (!server_->in_flight() && !unfinished()) return stop();
        checking_ = true;
        loop_.at(clock_.now().boot + 50ms, [this] {
            checking_ = false;
            check_end();
        });
    }

    [[nodiscard]] bool unfinished() const {
        return composition_->engine().busy() || sinks_->busy();
    }

    // Waits only for what must not be interrupted.
    void end_now() {
        ending_ = true;
        const Span now = clock_.now().boot;
        if (!deadline_) deadline_ = now + patience_at_the_end;
        if (!unfinished() || now >= *deadline_) return stop();
        loop_.at(now + 10ms, [this] { end_now(); });
    }

    // Answers that were just made still go out.
    void stop() {
        loop_.post([this] { loop_.stop(); });
    }

    Options options_;
    system::SystemClock clock_;
    Signals signals_;  // Before any thread: those begin with the same signals blocked.
    SocketLoop loop_;
    SocketWatch socket_watch_{loop_, options_.places};
    OwnProgram program_;
    composition::ConfigFile config_;
    composition::TrustedProjects trusted_;
    Log log_;
    Audit audit_;
    Metrics metrics_;
    TokenLines token_lines_;
    std::unique_ptr<composition::Composition> composition_;
    std::unique_ptr<Helpers> helpers_;
    std::unique_ptr<AuthRefreshes> refreshes_;
    std::unique_ptr<Sinks> sinks_;
    std::unique_ptr<Service> service_;
    std::unique_ptr<Server> server_;
    std::unique_ptr<session::Ticket> subscription_;
    Descriptor lock_;
    std::optional<Span> deadline_;
    Span program_looked_at_{};
    session::Loop::TimerId rest_ = 0;
    bool owns_path_ = false;
    bool draining_ = false;
    bool ending_ = false;
    bool checking_ = false;
};

Agent::Agent(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Agent::~Agent() = default;

Result<std::unique_ptr<Agent>> Agent::start(Options options) {
    auto impl = std::make_unique<Impl>(std::move(options));
    HEARTH_CHECK(impl->start());
    return std::unique_ptr<Agent>(new Agent(std::move(impl)));
}

void Agent::serve(Descriptor listening, Descriptor lock, bool owns_path) {
    impl_->serve(std::move(listening), std::move(lock), owns_path);
}

void Agent::serve_one(Descriptor client) { impl_->serve_one(std::move(client)); }

}  // namespace hearth::agent
