// Where programs ask by HTTP for one profile's AWS keys, as they ask in a container
// (AWS_CONTAINER_CREDENTIALS_FULL_URI).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "agent/endpoint_connection.hpp"
#include "agent/service.hpp"
#include "core/name.hpp"

namespace hearth::agent {

// On 127.0.0.1 alone. Loop thread only.
class Endpoint : public EndpointHost,
                 private SocketLoop::Watcher,
                 public std::enable_shared_from_this<Endpoint> {
  public:
    // Whom it was opened for; hand-outs are theirs in the audit log.
    struct Owner {
        ProfileName profile;
        std::string shown;  // What they call the profile.
        std::int64_t pid = 0;
        std::string executable;
    };

    // At a port that the system chooses where the terms have none.
    static Result<std::shared_ptr<Endpoint>> open(Service& service, SocketLoop& loop, Owner owner,
                                                  EndpointTerms terms);
    Endpoint(Service& service, SocketLoop& loop, Owner owner, EndpointTerms terms);

    [[nodiscard]] std::string url() const;
    // Closes it, and every connection to it. It must live on until what the loop is at now is over.
    void close();

    [[nodiscard]] const EndpointTerms& terms() const noexcept override { return terms_; }
    std::optional<Secret> ready_reply() override;
    std::unique_ptr<session::Ticket> reply(std::move_only_function<void(Secret)> done) override;
    void closed(EndpointConnection& connection) override;
    [[nodiscard]] Span now() const override { return service_.clock.now().boot; }

  private:
    // The answer to who asks next, made once per version.
    struct Kept {
        CredentialPtr credential;
        Secret reply;
    };

    Result<> listen();
    void ready(Ready what) override;
    void out_of_descriptors();
    void make_room();
    void watch_over();
    void sweep();
    void look_at_settings(Span present);
    [[nodiscard]] std::shared_ptr<const Kept> confirmed(const Moment& now);
    void tell_audit();

    Service& service_;
    SocketLoop& loop_;
    Owner owner_;
    EndpointTerms terms_;
    Descriptor listening_;
    std::unordered_map<EndpointConnection*, std::shared_ptr<EndpointConnection>> connections_;
    session::Loop::TimerId sweep_timer_ = 0;
    Span settings_checked_{};
    bool starved_ = false;            // Of descriptors.
    std::weak_ptr<const Kept> kept_;  // Expires whenever the engine's sessions change.
    Span confirmed_{};                // When the engine said last that it is good.
};

}  // namespace hearth::agent
