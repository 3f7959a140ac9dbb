#include "cli/client.hpp"

#include "cli/prompt.hpp"
#include "core/try.hpp"

namespace hearth::cli {
namespace {

// The agent bounds its own work; this is for one that hangs. A person may take longer over a
// keychain's dialog.
constexpr std::chrono::seconds patience_alone{100};
constexpr std::chrono::minutes patience_with_person{10};

constexpr int attempts = 3;

Result<Connection> reach_agent(const Places& places, Reach reach) {
    if (auto socket = HEARTH_TRY(connect_agent(places))) return Connection(*std::move(socket));
    if (reach == Reach::running)
        return std::unexpected(Error{Remedy::failed, "no agent is running", "hearth agent start"});
    return Connection(HEARTH_TRY(start_agent(places)));
}

}  // namespace

Client::Client(const Invocation& invocation, Reach reach, Connection connection,
               std::optional<AgentForOnce> once, std::optional<Project> project)
    : invocation_(&invocation),
      reach_(reach),
      connection_(std::move(connection)),
      once_(std::move(once)),
      presence_(invocation.presence()),
      project_(std::move(project)) {}

Result<Client> Client::open(const Invocation& invocation, Reach reach,
                            const std::string& prefetch) {
    if (reach != Reach::alone && !invocation.agentless()) {
        const auto places = HEARTH_TRY(hearth::places(invocation.environment));
        return Client(invocation, reach, HEARTH_TRY(reach_agent(places, reach)), std::nullopt,
                      project_here(invocation.environment));
    }
    if (reach == Reach::running)
        return std::unexpected(Error{Remedy::usage,
                                     "this needs an agent, and HEARTH_NO_AGENT is set",
                                     "unset HEARTH_NO_AGENT"});
    Descriptor socket;
    auto once = HEARTH_TRY(AgentForOnce::start(prefetch, socket));
    return Client(invocation, reach, Connection(std::move(socket)), std::move(once),
                  project_here(invocation.environment));
}

Result<Client> Client::open_bare(const Invocation& invocation, const std::string& profile,
                                 const std::string& provider) {
    Descriptor socket;
    auto once = HEARTH_TRY(AgentForOnce::start(profile, socket, provider));
    return Client(invocation, Reach::alone, Connection(std::move(socket)), std::move(once),
                  std::nullopt);
}

Client::~Client() {
    connection_.close();
    if (once_) once_->wait();
}

void Client::complete(Request& request) const {
    request.text("client", HEARTH_VERSION);
    if (presence_ == Presence::nobody) request.flag("non_interactive", true);
    if (project_) offer(*project_, request);
}

Result<> Client::send(Request& request) {
    complete(request);
    return transmit(request);
}

Result<> Client::begin(const JsonLine& request) {
    heard_ = false;
    return transmit(request);
}

bool Client::met_an_ending_agent() const { return connection_.closed() && !heard_ && !once_; }

Result<> Client::reach_next_agent() {
    const auto places = HEARTH_TRY(hearth::places(invocation_->environment));
    connection_ = HEARTH_TRY(reach_agent(places, reach_));
    return {};
}

Result<> Client::transmit(const JsonLine& line) {
    if (connection_.send(line)) return {};
    return std::unexpected(lost());
}

Result<Message> Client::next() {
    const bool alone = presence_ == Presence::nobody;
    auto line = connection_.line(alone ? std::chrono::milliseconds(patience_alone)
                                       : std::chrono::milliseconds(patience_with_person));
    if (line) {
        heard_ = true;
        return Message::parse(*std::move(line));
    }
    if (!connection_.closed()) return std::unexpected(std::move(line).error());
    return std::unexpected(lost());
}

Error Client::lost() {
    if (once_) {
        if (auto death = once_->death()) return *std::move(death);
    }
    return went_away();
}

Result<Message> Client::exchange(const JsonLine& line) {
    HEARTH_CHECK(begin(line));
    auto answer = HEARTH_TRY(next());
    while (answer.kind == Message::Kind::event) {
        if (hear_) HEARTH_CHECK(hear_(answer.body));
        answer = HEARTH_TRY(next());
    }
    return answer;
}

Result<Message> Client::ask(Request& request) {
    complete(request);
    for (;;) {
        auto exchanged = exchange(request);
        if (!exchanged && met_an_ending_agent()) {
            HEARTH_CHECK(reach_next_agent());
            exchanged = exchange(request);
        }
        auto answer = HEARTH_TRY(std::move(exchanged));
        if (answer.kind == Message::Kind::ok) return answer;
        if (needs(answer) == "identity") {
            if (!HEARTH_TRY(give_identity(answer))) return std::unexpected(answer.error());
            request.flag("identity_given", true);
            continue;
        }
        if (!can_unlock(answer)) return std::unexpected(answer.error());
        HEARTH_CHECK(unlock(answer));
    }
}

bool Client::can_unlock(const Message& refusal) const {
    const auto needed = needs(refusal);
    if (needed == "identity") return false;
    if (needed == "desktop") return presence_ != Presence::nobody && !desktop_asked_;
    return !needed.empty() && presence_ == Presence::person;
}

Result<bool> Client::give_identity(const Message& refusal) {
    bool given = false;
    for (const auto& item : refusal.body["variables"].items()) {
        const auto name = item.text();
        const auto value = invocation_->environment(name);
        if (!value || value->empty()) continue;
        Request giving("identity");
        giving.text("profile", refusal.body["profile"].text()).text("variable", name);
        giving.secret("value", Secret(*value));
        HEARTH_CHECK(send(giving));
        const auto answer = HEARTH_TRY(next());
        if (answer.kind != Message::Kind::ok) return std::unexpected(answer.error());
        given = true;
    }
    return given;
}

Result<> Client::unlock_keychain() {
    desktop_asked_ = true;
    Terminal::words("The keychain is locked; its question is on the desktop.\n");
    Request unlocking("unlock");
    HEARTH_CHECK(send(unlocking));
    const auto answer = HEARTH_TRY(next());
    if (answer.kind == Message::Kind::ok) return {};
    return std::unexpected(answer.error());
}

Result<> Client::unlock(const Message& refusal) {
    if (needs(refusal) == "desktop") return unlock_keychain();
    bool fresh = needs(refusal) == "new_passphrase";
    Error error = refusal.error();
    for (int attempt = 0; attempt < attempts; ++attempt) {
        if (attempt > 0) (void)invocation_->terminal.fail(error);
        const auto passphrase =
            HEARTH_TRY(fresh ? ask_new_passphrase(invocation_->terminal)
                             : ask_secret(invocation_->terminal, "Passphrase of hearth's store: "));
        Request unlocking("unlock");
        unlocking.secret("passphrase", passphrase);
        HEARTH_CHECK(send(unlocking));
        const auto answer = HEARTH_TRY(next());
        if (answer.kind == Message::Kind::ok) return {};
        error = answer.error();
        // Somebody else may have chosen it in the meantime.
        fresh = needs(answer) == "new_passphrase";
        if (error.remedy != Remedy::store_locked) break;
    }
    return std::unexpected(error);
}

std::string needs(const Message& refusal) {
    const auto needed = refusal.body["needs"].text();
    const bool known = needed == "passphrase" || needed == "new_passphrase" ||
                       needed == "desktop" || needed == "identity";
    return known ? needed : std::string();
}

}  // namespace hearth::cli
