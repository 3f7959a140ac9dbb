// Where programs ask by HTTP for one profile's credential: for keys of AWS as they ask in a
// container, for tokens of Google's as they ask on an instance.
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

    // At that port, or at one that the system chooses for 0. Remedy::refused where the face wants
    // to know whose connections are and the system does not tell.
    static Result<std::shared_ptr<Endpoint>> open(Service& service, SocketLoop& loop, Owner owner,
                                                  std::unique_ptr<EndpointFace> face,
                                                  std::uint16_t port);
    Endpoint(Service& service, SocketLoop& loop, Owner owner, std::unique_ptr<EndpointFace> face);

    // Closes it, and every connection to it. It must live on until what the loop is at now is over.
    void close();

    [[nodiscard]] const EndpointFace& face() const noexcept override { return *face_; }
    [[nodiscard]] std::uint16_t port() const noexcept override { return port_; }
    std::optional<Secret> ready_reply(const Question& question) override;
    std::unique_ptr<session::Ticket> reply(Question question,
                                           std::move_only_function<void(Secret)> done) override;
    void closed(EndpointConnection& connection) override;
    [[nodiscard]] Span now() const override { return service_.clock.now().boot; }

  private:
    // The answer to who asks next, made once per version.
    struct Kept {
        CredentialPtr credential;
        std::optional<Secret> reply;  // Absent where each question has one of its own.
    };

    Result<> listen(std::uint16_t port);
    [[nodiscard]] bool lets_in(int socket);
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
    std::unique_ptr<EndpointFace> face_;
    std::uint16_t port_ = 0;
    Descriptor listening_;
    std::unordered_map<EndpointConnection*, std::shared_ptr<EndpointConnection>> connections_;
    session::Loop::TimerId sweep_timer_ = 0;
    Span settings_checked_{};
    std::optional<Span> stranger_told_;  // When the log was told last of one who was not let in.
    bool starved_ = false;               // Of descriptors.
    std::weak_ptr<const Kept> kept_;     // Expires whenever the engine's sessions change.
    Span confirmed_{};                   // When the engine said last that it is good.
};

}  // namespace hearth::agent
