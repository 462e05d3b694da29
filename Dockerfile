# The production build. docker build -t microplatform .

ARG DOTNET=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
WORKDIR /src
# Only what decides which packages are needed: this layer is built again when one of these files changes, and not with each edit.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY Domain/Domain.csproj Domain/
COPY Infrastructure/Infrastructure.csproj Infrastructure/
COPY Api/Api.csproj Api/
RUN dotnet restore Api/Api.csproj
COPY BannedSymbols.txt .editorconfig ./
COPY Domain/ Domain/
COPY Infrastructure/ Infrastructure/
COPY Api/ Api/
RUN dotnet publish Api/Api.csproj --no-restore -c Release -p:UseAppHost=false -o /out

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET}
WORKDIR /app
# Small pictures of what people upload: vipsthumbnail runs as a child process with bounded memory and time.
RUN apt-get update && apt-get install -y --no-install-recommends libvips-tools && rm -rf /var/lib/apt/lists/*
COPY --from=build /out .
# An account without rights (the base image defines it), and the one folder where it may write: made here, so that a new volume takes over its owner.
RUN mkdir /data && chown ${APP_UID}:${APP_UID} /data && chmod 700 /data
USER ${APP_UID}
ENV ASPNETCORE_HTTP_PORTS=8080 \
    ASPNETCORE_ENVIRONMENT=Production \
    Data__Folder=/data
EXPOSE 8080
VOLUME /data
# The program asks itself, as the image has no curl. Live, not ready: a database that is away is no reason to restart this.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["dotnet", "MicroPlatform.Api.dll", "health", "http://127.0.0.1:8080/health/live"]
ENTRYPOINT ["dotnet", "MicroPlatform.Api.dll"]
