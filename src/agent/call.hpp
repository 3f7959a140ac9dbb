// One request on its way to its answer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "agent/request.hpp"
#include "hearth/secret.hpp"
#include "session/engine.hpp"

namespace hearth::agent {

// The program at the other end.
class Caller {
  public:
    virtual ~Caller() = default;
    virtual void send(const Secret& line) = 0;
    // The end line of the request has been sent; the call may be dropped, here and now.
    virtual void ended() = 0;
    [[nodiscard]] virtual std::int64_t pid() const noexcept = 0;
    // Kept until the program has gone.
    virtual void hold(std::shared_ptr<void> what) = 0;
    // Looked up when asked for; empty when the system does not tell.
    [[nodiscard]] virtual std::string executable() const = 0;
};

// Loop thread only. Whoever answers later holds it weakly: it dies when the client goes, and what
// it waits for with it.
class Call : public std::enable_shared_from_this<Call> {
  public:
    Call(Caller& caller, Request request) : caller_(caller), request_(std::move(request)) {}

    [[nodiscard]] const Request& request() const noexcept { return request_; }
    [[nodiscard]] Caller& caller() noexcept { return caller_; }
    [[nodiscard]] bool answered() const noexcept { return answered_; }

    // From now on the caller is told of the profile by the name that it knows it by.
    void call_it(const ProfileName& profile, const ProfileName& name);
    void event(const Secret& line);
    // The end line. Later ones are dropped.
    void answer(const Secret& line);
    void fail(const Error& error, std::string_view needs = {});

    // Kept until the call ends.
    void keep(std::shared_ptr<void> what) { kept_ = std::move(what); }
    // Gets the lines that carry what a person pasted.
    void on_paste(std::function<void(Secret)> receive) { receive_ = std::move(receive); }
    void paste(Secret pasted);
    // Gets the lines that report on a helper.
    void on_report(std::function<void(const json::Document&)> receive) {
        receive_report_ = std::move(receive);
    }
    void report(const json::Document& members);
    // A call that goes on until the client leaves does not hold up the agent's end.
    void endless() noexcept { endless_ = true; }
    [[nodiscard]] bool is_endless() const noexcept { return endless_; }

  private:
    void send(const Secret& line);

    Caller& caller_;
    Request request_;
    std::optional<std::pair<ProfileName, ProfileName>> called_;
    std::shared_ptr<void> kept_;
    std::function<void(Secret)> receive_;
    std::function<void(const json::Document&)> receive_report_;
    bool answered_ = false;
    bool endless_ = false;
};

using CallPtr = std::shared_ptr<Call>;

}  // namespace hearth::agent
