// What the agent makes of the reports about its sinks. The process outside is played by the test.
#include "agent/sinks.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <future>
#include <thread>

#include "agent/line.hpp"
#include "composition/composition.hpp"
#include "composition/config_file.hpp"
#include "json/document.hpp"
#include "system/clock.hpp"
#include "temporary_folder.hpp"

namespace hearth::testing {
namespace {

using namespace std::chrono_literals;
using session::Event;

constexpr int patience = 30'000;  // Milliseconds; only a failing test waits for so long.
constexpr auto profile = "key";
constexpr std::int64_t signed_out_at = 1'800'000'000'000;  // Milliseconds since 1970.
constexpr auto trouble = R"({"sink":"ci","cleared":true,"decided":1800000000000,"changed":false,)"
                         R"("trouble":"the disk is full","hint":""})";
constexpr auto well = R"({"sink":"ci","cleared":true,"changed":true,"trouble":"","hint":""})";

struct Ends {
    Descriptor agents;
    Descriptor outside;
};

Ends socket_pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

class AgentsSinks {
  public:
    explicit AgentsSinks(Span retry_after) {
        write_file(folder_.path() + "/config.toml",
                   "[store]\nkind = \"memory\"\n\n[profiles.key]\nprovider = \"claude\"\n\n"
                   "[sinks.ci]\nprofile = \"key\"\npath = \"/nowhere/token\"\n");
        composition_ = *composition::Composition::make(places_, *config_.load(), loop_, ::getpid());
        auto ends = socket_pair();
        outside_ = std::move(ends.outside);
        sinks_ = std::make_unique<agent::Sinks>(composition_->engine(), loop_, clock_, log_,
                                                std::move(ends.agents), retry_after);
        subscription_ = composition_->engine().subscribe([this](const Event& event) {
            if (event.kind == Event::Kind::sink_failed) ++failures_;
        });
        thread_ = std::jthread([this] { loop_.run(); });
    }
    AgentsSinks(const AgentsSinks&) = delete;
    AgentsSinks& operator=(const AgentsSinks&) = delete;
    ~AgentsSinks() {
        loop_.post([this] { loop_.stop(); });
        thread_.join();
    }

    void happen(Event::Kind kind) {
        on_loop([&] {
            sinks_->on_event({.kind = kind,
                              .at = Instant(Span(signed_out_at)),
                              .profile = *ProfileName::parse(profile)});
        });
    }
    // The next order; empty when there is none in time.
    [[nodiscard]] json::Document ordered() const {
        pollfd state{.fd = outside_.number(), .events = POLLIN, .revents = 0};
        if (::poll(&state, 1, patience) <= 0) ADD_FAILURE() << "no order in time";
        std::array<char, 4096> packet{};
        const auto size =
            ::recv(outside_.number(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (size <= 0) return {};
        return *json::Document::parse({packet.data(), static_cast<std::size_t>(size)});
    }
    void report(std::string_view packet) const {
        EXPECT_EQ(::send(outside_.number(), packet.data(), packet.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(packet.size()));
    }
    // Reports, and waits until the agent has taken it in.
    void report_and_wait(std::string_view packet) {
        report(packet);
        wait_until_idle();
    }
    void end_outside() {
        outside_ = {};
        wait_until_idle();
    }
    // The member of the sink's status.
    std::string status(const std::string& member) {
        std::string text;
        on_loop([&] {
            agent::Line line;
            sinks_->write_status(line);
            text = std::string(line.take().reveal());
        });
        return json::Document::parse(text)->objects("sinks").at(0).text(member);
    }
    int failures() {
        int count = 0;
        on_loop([&] { count = failures_; });
        return count;
    }

  private:
    void wait_until_idle() {
        bool busy = true;
        while (busy) on_loop([&] { busy = sinks_->busy(); });
    }
    void on_loop(const std::function<void()>& work) {
        std::promise<void> done;
        loop_.post([&] {
            work();
            done.set_value();
        });
        done.get_future().wait();
    }

    TemporaryFolder folder_;
    Places places_ = *places([this](std::string_view name) {
        return name == "HEARTH_HOME" ? std::optional(folder_.path()) : std::nullopt;
    });
    system::SystemClock clock_;
    agent::SocketLoop loop_;
    composition::ConfigFile config_{places_.config_file, places_.state_folder + "/config.lock"};
    agent::Log log_{clock_, places_.agent_log(), agent::LogLevel::info};
    std::unique_ptr<composition::Composition> composition_;
    Descriptor outside_;
    std::unique_ptr<agent::Sinks> sinks_;
    std::unique_ptr<session::Ticket> subscription_;
    int failures_ = 0;
    std::jthread thread_;
};

constexpr Span at_once = 1ms;
constexpr Span never = 24h;

TEST(AgentsSinks, try_again_what_failed_and_tell_of_it_once) {
    AgentsSinks sinks(at_once);
    sinks.happen(Event::Kind::signed_out);
    for (int i = 0; i < 5; ++i) {
        const auto order = sinks.ordered();
        EXPECT_EQ(order.text("sink"), "ci");
        EXPECT_FALSE(order.has("token")) << "a file that could not be cleared is still to be";
        // Somebody may sign in again before it can be: what is tried again is as old as it was.
        EXPECT_EQ(order.number("decided"), signed_out_at);
        sinks.report(trouble);
    }
    EXPECT_EQ(sinks.ordered().text("sink"), "ci");
    EXPECT_EQ(sinks.failures(), 1);
    EXPECT_EQ(sinks.status("error"), "the disk is full");

    sinks.report_and_wait(well);
    EXPECT_EQ(sinks.status("error"), "");
}

TEST(AgentsSinks, that_failed_twice_are_tried_once) {
    AgentsSinks sinks(100ms);
    sinks.happen(Event::Kind::signed_out);
    sinks.happen(Event::Kind::refused);
    (void)sinks.ordered();
    (void)sinks.ordered();
    sinks.report(trouble);
    sinks.report(trouble);
    (void)sinks.ordered();
    // Another would leave it busy, or have been counted as this one's report.
    sinks.report_and_wait(well);
    EXPECT_EQ(sinks.status("error"), "");
    EXPECT_EQ(sinks.failures(), 1);
}

TEST(AgentsSinks, whose_command_failed_wait_for_the_next_change) {
    AgentsSinks sinks(at_once);
    sinks.happen(Event::Kind::signed_out);
    (void)sinks.ordered();
    sinks.report_and_wait(
        R"({"sink":"ci","cleared":true,"changed":true,"trouble":"it ended with status 1"})");
    EXPECT_EQ(sinks.status("error"), "it ended with status 1");

    sinks.happen(Event::Kind::signed_out);
    (void)sinks.ordered();
    sinks.report_and_wait(R"({"sink":"ci","cleared":true,"changed":false,"trouble":""})");
    EXPECT_EQ(sinks.status("error"), "it ended with status 1") << "nothing was changed since";

    sinks.happen(Event::Kind::signed_out);
    (void)sinks.ordered();
    sinks.report_and_wait(well);
    EXPECT_EQ(sinks.status("error"), "");
    EXPECT_EQ(sinks.failures(), 1);
}

TEST(AgentsSinks, are_not_kept_busy_by_a_report_that_makes_no_sense) {
    AgentsSinks sinks(never);
    for (const auto* const report : {"nonsense", "{}", R"({"sink":"unknown","trouble":"x"})"}) {
        sinks.happen(Event::Kind::signed_out);
        (void)sinks.ordered();
        sinks.report_and_wait(report);
        EXPECT_EQ(sinks.status("error"), "");
    }
}

TEST(AgentsSinks, have_ended_with_the_process_that_writes_them_and_say_so) {
    AgentsSinks sinks(never);
    sinks.happen(Event::Kind::signed_out);
    sinks.end_outside();
    EXPECT_EQ(sinks.status("error"), "the process that writes it has ended");
}

}  // namespace
}  // namespace hearth::testing
